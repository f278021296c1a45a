import { transact } from '../../base/db.ts';
import type { OpenNote } from './note.ts';
import type { Api, Parts, Route } from './route.ts';

/** Runs an operation for whoever has passed its guard; its row in the audit log is written with it, or behind it. */
export async function runRoute(
  api: Api,
  route: Route,
  { note, ...request }: Omit<Parts, 'note'> & { readonly note: OpenNote },
): Promise<unknown> {
  const parts = { ...request, note };
  if (route.together) {
    return transact(api.base.db, async (tx) => {
      const answer = await route.run({ ...api, base: { ...api.base, db: tx } }, parts);
      note.answered(answer);
      await note.finish(tx);
      return answer;
    });
  }
  const answer = await route.run(api, parts);
  note.answered(answer);
  await note.finish(api.base.db);
  return answer;
}
