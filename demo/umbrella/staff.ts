import type { Base } from '../../server/base/base.ts';
import { brandBySlug } from '../../server/features/brands/brands.ts';
import { addStaff, requireFactor } from '../../server/features/staff/staff.ts';
import { createStore, placeStaff } from '../../server/features/stores/stores.ts';

/** Who uses the console of the demo umbrella, with what they may do. */
export const demoStaff = {
  administrator: { email: 'ada@meridian.example', name: 'Ada Admin' },
  marketer: { email: 'mara@meridian.example', name: 'Mara Marketer' },
  associate: { email: 'alix@meridian.example', name: 'Alix Associate' },
} as const;

/**
 * Makes an administrator, a marketer, and an associate in a shop of Lumière. None of them needs a second factor: whoever
 * looks at the demo shall not have to fetch a phone.
 */
export async function openConsole(base: Base, password: string): Promise<void> {
  const { administrator, marketer, associate } = demoStaff;
  await requireFactor(base.db, false);
  await addStaff(base, { ...administrator, ready: 'administrator', password });
  await addStaff(base, { ...marketer, ready: 'marketer', password });
  const lumiere = await brandBySlug(base.db, 'lumiere');
  if (!lumiere) throw new Error('the demo umbrella has its brands before its staff');
  const made = await addStaff(base, { ...associate, ready: 'associate', brands: [lumiere.id], password });
  if (made === undefined) return;
  const draft = { name: 'Lumière, Rue Vivienne', time_zone: 'Europe/Paris', currency: 'EUR' };
  const { id } = await createStore(base, lumiere.id, draft);
  await placeStaff(base.db, made, [id]);
}
