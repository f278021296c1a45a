// Sign-ins at which questions are asked, without a pause between them.
import type { Base } from '../server/base/base.ts';
import { brandBySlug } from '../server/features/brands/brands.ts';
import { removeQuestion } from '../server/features/questions/questions.ts';
import { askLive, pauseFor } from './questions.ts';
import { openWorld, type World } from './sign-in-world.ts';

export type QuestionScene = {
  readonly world: World;
  readonly base: Base;
  /** The id of Lumière. */
  readonly brand: string;
  /** Makes a live question, as `askLive`. */
  ask(draft: Parameters<typeof askLive>[1]): Promise<string>;
  /** Removes the questions that were made: for after each test. */
  clear(): Promise<void>;
};

/** A world of its own; whoever opens it closes it. */
export async function openQuestionScene(): Promise<QuestionScene> {
  const world = await openWorld();
  const { base } = world;
  await pauseFor(base, 0);
  let live: string[] = [];
  return {
    world,
    base,
    brand: (await brandBySlug(base.db, 'lumiere'))?.id ?? '',
    async ask(draft) {
      const id = await askLive(base, draft);
      live.push(id);
      return id;
    },
    async clear() {
      for (const id of live) await removeQuestion(base, id);
      live = [];
      await base.settings.refresh();
    },
  };
}
