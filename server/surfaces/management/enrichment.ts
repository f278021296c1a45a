import { z } from 'zod';
import {
  enrichmentSource,
  enrichmentSourcePatch,
  type EnrichmentSource as Shown,
} from '../../../contract/enrichment.ts';
import { librarySources } from '../../../rules-library/library.ts';
import { Problem } from '../../base/errors.ts';
import { changeSource, type Source, type SourceState, sourceStates } from '../../features/enrichment/enrichment.ts';
import { idParams } from './id-params.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { refuseShared } from './umbrella-wide.ts';

/**
 * The services that library rules call: whether they work, what they find, what they cost. Figures are of all brands
 * together, so who is limited to some does not read them either.
 */
export const enrichmentRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/enrichment/sources',
      summary: 'List the services that library rules call, with what came of it',
      may: ['read:enrichment'],
      params: nothing,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.array(enrichmentSource),
    },
    async ({ base }, { caller }) => {
      refuseShared(caller.access, null);
      return (await sourceStates(base.db, librarySources)).map(show);
    },
  ),
  route(
    {
      method: 'GET',
      path: '/enrichment/sources/{id}',
      summary: 'Read one of these services',
      may: ['read:enrichment'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: enrichmentSource,
    },
    async ({ base }, { params, caller }) => {
      refuseShared(caller.access, null);
      const [state] = await sourceStates(base.db, [find(params.id)]);
      return state && show(state);
    },
  ),
  route(
    {
      method: 'PATCH',
      path: '/enrichment/sources/{id}',
      summary: 'Say what a call of a service costs, or ask it again at once',
      may: ['update:enrichment'],
      audit: 'enrichment',
      together: true,
      params: idParams,
      query: nothing,
      body: enrichmentSourcePatch,
      status: 200,
      reply: enrichmentSource,
    },
    async ({ base }, { params, body, note }) => {
      note.onPaths(Object.keys(body).filter((name) => name !== 'if_version'));
      const { cost_per_call: costPerCall, cost_for: costFor, currency, resume, if_version: ifVersion } = body;
      return show(await changeSource(base, find(params.id), { costPerCall, costFor, currency, resume, ifVersion }));
    },
  ),
];

function find(id: string): Source {
  const source = librarySources.find((one) => one.id === id);
  if (source) return source;
  throw new Problem('not_found', 'There is no such source', { errorCode: 'inexistent_source' });
}

function show({
  paused,
  failuresInRow,
  lastFailure,
  costPerCall,
  costFor,
  lastDays,
  days,
  ...state
}: SourceState): Shown {
  return {
    ...state,
    paused: paused && { until: paused.until.toISOString(), why: paused.why },
    failures_in_row: failuresInRow,
    last_failure: lastFailure && { at: lastFailure.at.toISOString(), why: lastFailure.why },
    cost_per_call: costPerCall,
    cost_for: costFor,
    last_30_days: { ...lastDays },
    days: days.map((day) => ({ ...day })),
  };
}
