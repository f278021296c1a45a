import { isIP } from 'node:net';
import { z } from 'zod';
import { type Block, block } from '../../../contract/attack-protection.ts';
import { type BlockRow, countBlocks, liftBlock, liftPlace, listBlocks, placeIsBlocked } from '../../base/blocks.ts';
import { Problem } from '../../base/errors.ts';
import { findById } from '../../features/customers/customers.ts';
import { getStaff } from '../../features/staff/staff.ts';
import { seesCustomer } from './find-user.ts';
import { idParams } from './id-params.ts';
import { checkpointQuery, listOf, listReply, pageQuery } from './paging.ts';
import { type Api, noBody, nothing, type Route, route } from './route.ts';
import { type Sight, sees } from './sight.ts';

const ipParams = z.strictObject({ id: z.string().refine((ip) => isIP(ip) !== 0, 'Not an IP address') });

/** Who is shut out now, and letting them in again: everybody, and Auth0's question about one place. */
export const blockRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/attack-protection/blocks',
      summary: 'List who is blocked now, from where and until when',
      may: ['read:attack_protection'],
      params: nothing,
      query: z.strictObject({ ...pageQuery, ...checkpointQuery }),
      body: noBody,
      status: 200,
      reply: listOf('blocks', block),
    },
    async (api, { query, caller }) => {
      const { db, vault } = api.base;
      const shown = new Map<string, Block>();
      return listReply(vault, 'blocks', query, {
        async load(limit, start) {
          const after = 'after' in start ? { until: start.after.created_at, id: start.after.id } : undefined;
          const offset = 'offset' in start ? start.offset : 0;
          const rows = await listBlocks(db, { limit, offset, after });
          for (const row of rows) shown.set(row.id, await show(api, row, caller.access));
          return rows;
        },
        after: ({ until, id }) => ({ created_at: until, id }),
        count: () => countBlocks(db),
        show: ({ id }) => shown.get(id),
      });
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/attack-protection/blocks/{id}',
      summary: 'Lift a block and forget the failures that led to it',
      may: ['update:attack_protection'],
      audit: 'protection',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async ({ base }, { params }) => {
      if (!(await liftBlock(base.db, params.id))) {
        throw new Problem('not_found', 'This block is over, or was lifted already.', { errorCode: 'inexistent_block' });
      }
    },
  ),
  route(
    {
      method: 'GET',
      path: '/anomaly/blocks/ips/{id}',
      summary: 'Is an IP address blocked? 404: it is not',
      may: ['read:anomaly_blocks'],
      params: ipParams,
      query: nothing,
      body: noBody,
      status: 200,
    },
    async ({ base }, { params }) => {
      if (!(await placeIsBlocked(base.vault, base.db, params.id))) {
        throw new Problem('not_found', 'The IP address is not blocked.');
      }
      return {};
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/anomaly/blocks/ips/{id}',
      summary: 'Lift the block of an IP address',
      may: ['delete:anomaly_blocks'],
      audit: 'protection',
      together: true,
      params: ipParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async ({ base }, { params }) => liftPlace(base.vault, base.db, params.id),
  ),
];

async function show({ base }: Api, { id, scope, hint, ip, failed, until }: BlockRow, sight: Sight): Promise<Block> {
  // What is no id is the keyed hash of an address that no account has.
  const whose = z.uuid().safeParse(hint).data;
  const isStaff = scope.startsWith('staff_');
  const found = whose && !isStaff ? await findById(base.db, whose) : undefined;
  const customer = found && (await seesCustomer({ base }, sight, found.id)) ? found : undefined;
  const staff = whose && isStaff ? await getStaff(base.db, whose) : undefined;
  return {
    id,
    limit: scope,
    ...(customer && { user_id: customer.user_id }),
    ...(staff && { staff: { id: staff.id, name: staff.name } }),
    ...(ip !== null && (!customer || sees(sight, 'last_ip')) && { ip }),
    failures: failed,
    until: until.toISOString(),
  };
}
