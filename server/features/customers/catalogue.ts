import { type AttributeDraft, type AttributePatch, attributeDraft } from '../../../contract/customers.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import {
  type AttributeColumns,
  type AttributeRow,
  bumpSettings,
  deleteAttribute,
  insertAttribute,
  lockAttribute,
  readAttribute,
  readAttributes,
  updateAttributeRow,
} from './catalogue-store.ts';

/** A row of the catalogue: what is known of the values at a path. */
export type Attribute = Required<{ [Name in keyof AttributeDraft]: Exclude<AttributeDraft[Name], undefined> }> & {
  is_system: boolean;
  created_at: Date;
  updated_at: Date;
};

/** The catalogue, by path. */
export async function listAttributes(db: Db): Promise<Attribute[]> {
  return (await readAttributes(db)).map(toAttribute);
}

/** The row of a path, if it is listed. */
export async function getAttribute(db: Db, path: string): Promise<Attribute | undefined> {
  const row = await readAttribute(db, path);
  return row && toAttribute(row);
}

/** Lists a path in the catalogue. @throws Problem `already_exists` */
export function createAttribute(db: Db, draft: AttributeDraft, at: Date): Promise<Attribute> {
  return transact(db, async (tx) => {
    const row = await insertAttribute(tx, draft.path, columnsOf(draft), at);
    if (!row) throw new Problem('already_exists', `The attribute ${draft.path} is in the catalogue already.`);
    await bumpSettings(tx);
    return toAttribute(row);
  });
}

/**
 * Changes a row of the catalogue. Profiles follow a new `ranking` by `refoldBatch`. `check` sees the row as it is before,
 * and may throw.
 *
 * @throws Problem `not_found`, `invalid_body` (the type of a system attribute)
 */
export function updateAttribute(
  db: Db,
  path: string,
  patch: AttributePatch,
  at: Date,
  check: (attribute: Attribute) => void = () => undefined,
): Promise<Attribute> {
  return transact(db, async (tx) => {
    const known = await lockAttribute(tx, path);
    if (!known) throw noSuchAttribute(path);
    check(toAttribute(known));
    if (known.is_system && patch.type !== undefined && patch.type !== known.type) {
      throw new Problem('invalid_body', `The type of the system attribute ${path} stays ${known.type}.`);
    }
    const { is_system, created_at, updated_at, ...current } = toAttribute(known);
    const row = await updateAttributeRow(
      tx,
      path,
      columnsOf({ ...current, ...patch, type: patch.type ?? current.type }),
      at,
    );
    if (!row) throw noSuchAttribute(path);
    await bumpSettings(tx);
    return toAttribute(row);
  });
}

/**
 * Takes a path from the catalogue; its values stay, unlisted. `check` sees the row as it is before, and may throw.
 *
 * @throws Problem `not_found`, `access_denied` (system)
 */
export function removeAttribute(
  db: Db,
  path: string,
  check: (attribute: Attribute) => void = () => undefined,
): Promise<void> {
  return transact(db, async (tx) => {
    const known = await lockAttribute(tx, path);
    if (!known) throw noSuchAttribute(path);
    check(toAttribute(known));
    if (known.is_system) throw new Problem('access_denied', `The system attribute ${path} cannot be removed.`);
    await deleteAttribute(tx, path);
    await bumpSettings(tx);
  });
}

function columnsOf(draft: AttributeDraft): AttributeColumns {
  return {
    type: draft.type,
    labels: JSON.stringify(draft.labels ?? {}),
    brand: draft.brand ?? null,
    sensitive: draft.sensitive ?? false,
    segmentable: draft.segmentable ?? false,
    askable: draft.askable ?? false,
    retention_days: draft.retention_days ?? null,
    ranking: [...new Set(draft.ranking ?? [])],
    choices: draft.choices ? JSON.stringify(draft.choices) : null,
  };
}

function toAttribute(row: AttributeRow): Attribute {
  const { is_system, created_at, updated_at, ...columns } = row;
  const {
    brand = null,
    sensitive = false,
    segmentable = false,
    askable = false,
    ...draft
  } = attributeDraft.parse(columns);
  return {
    ...draft,
    labels: draft.labels ?? {},
    brand,
    sensitive,
    segmentable,
    askable,
    retention_days: draft.retention_days ?? null,
    ranking: draft.ranking ?? [],
    choices: draft.choices ?? null,
    is_system,
    created_at,
    updated_at,
  };
}

function noSuchAttribute(path: string): Problem {
  return new Problem('not_found', `The attribute ${path.slice(0, 100)} is not in the catalogue.`);
}
