-- What staff write about a customer. It hangs on a subject, so that taking customers apart gives each back what was
-- written about them.
create table notes (
  subject uuid not null,
  id uuid not null,
  text text not null,
  author_kind text not null check (author_kind in ('machine', 'staff')),
  author text not null,              -- client_id, or the id of one of the staff
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (subject, id)
);

create table tags (
  subject uuid not null,
  tag text not null,
  author_kind text not null check (author_kind in ('machine', 'staff')),
  author text not null,
  created_at timestamptz not null,
  primary key (subject, tag)
);

-- What somebody means to do for a customer, and when.
create table follow_ups (
  subject uuid not null,
  id uuid not null,
  text text not null,
  due date not null,
  done_at timestamptz,
  author_kind text not null check (author_kind in ('machine', 'staff')),
  author text not null,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (subject, id)
);
