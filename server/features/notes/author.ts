/** Who wrote something. */
export type Author = {
  readonly kind: 'machine' | 'staff';
  /** A client id, or the id of one of the staff. */
  readonly id: string;
};

/** As columns hold it. */
export type AuthorColumns = { author_kind: string; author: string };

export function toColumns({ kind, id }: Author): AuthorColumns {
  return { author_kind: kind, author: id };
}

export function toAuthor({ author_kind, author }: AuthorColumns): Author {
  return { kind: author_kind === 'staff' ? 'staff' : 'machine', id: author };
}
