/** Who wrote something. */
export type Author = {
  readonly kind: 'machine' | 'staff';
  /** A client id, or the id of one of the staff. */
  readonly id: string;
  /** What they were called then; null: it was not kept. */
  readonly name: string | null;
};

/** As columns hold it. */
export type AuthorColumns = { author_kind: string; author: string; author_name: string | null };

export function toColumns({ kind, id, name }: Author): AuthorColumns {
  return { author_kind: kind, author: id, author_name: name };
}

export function toAuthor({ author_kind, author, author_name }: AuthorColumns): Author {
  return { kind: author_kind === 'staff' ? 'staff' : 'machine', id: author, name: author_name };
}
