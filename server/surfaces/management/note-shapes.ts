import type { z } from 'zod';
import type { followUp, note, tag } from '../../../contract/notes.ts';
import type { Author, FollowUp, Note, Tag } from '../../features/notes/notes.ts';
import type { Caller } from './caller.ts';

/** Who writes, under the name that they have now. */
export function writerOf(caller: Caller): Author {
  const { kind, name } = caller;
  return { kind, id: kind === 'machine' ? caller.clientId : caller.staffId, name };
}

export function showNote({ created_at, updated_at, ...rest }: Note): z.infer<typeof note> {
  return { ...rest, created_at: created_at.toISOString(), updated_at: updated_at.toISOString() };
}

export function showTag({ created_at, ...rest }: Tag): z.infer<typeof tag> {
  return { ...rest, created_at: created_at.toISOString() };
}

export function showFollowUp({ doneAt, created_at, updated_at, ...rest }: FollowUp): z.infer<typeof followUp> {
  return {
    ...rest,
    done: doneAt !== null,
    done_at: doneAt?.toISOString() ?? null,
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  };
}
