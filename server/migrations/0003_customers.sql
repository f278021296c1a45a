-- A customer is the fold of subjects. What is learned hangs for ever on the subject it was learned of; `members` says
-- whose subject it is now. The columns of `customers` are that fold, materialised for reading.

create table customers (
  id uuid primary key,
  user_id text not null,             -- the `sub`; also a row of user_ids
  primary_subject uuid not null,     -- the identity that stands first
  -- the fold: every root attribute, and those that are searched as columns of their own
  attributes jsonb not null default '{}',
  user_metadata jsonb not null default '{}',
  app_metadata jsonb not null default '{}',
  brand_values jsonb not null default '{}',
  email text,
  email_verified boolean not null default false,
  phone_number text,
  phone_verified boolean not null default false,
  username text,
  name text,
  given_name text,
  family_name text,
  birth_month smallint check (birth_month between 1 and 12),
  birth_day smallint check (birth_day between 1 and 31),
  -- counted and folded over all members, too
  logins_count integer not null default 0,
  last_login timestamptz,
  last_ip inet,
  last_password_reset timestamptz,
  blocked boolean not null default false,
  merged_into uuid,                  -- set on the loser of a merge; its row only resolves
  created_at timestamptz not null,
  updated_at timestamptz not null
) with (fillfactor = 85);            -- counts change at every sign-in: room for the new version on the same page
create index customers_created on customers (created_at, id) where merged_into is null;
create index customers_email on customers (email) where email is not null and merged_into is null;
create index customers_phone on customers (phone_number) where phone_number is not null and merged_into is null;
create index customers_birthday on customers (birth_month, birth_day) where birth_month is not null;
create index customers_merged on customers (merged_into) where merged_into is not null;

-- Every user_id ever issued; none is ever given to another customer, not after unlink, merge or erasure. An erased one
-- stays as `erased|<hash>`: it can be recognised, not read.
create table user_ids (
  user_id text primary key,
  customer uuid not null,            -- who it resolves to now
  subject uuid,                      -- the identity it was made of, if that was its reason
  issued_at timestamptz not null,
  retired_at timestamptz             -- erased: resolves to nobody
);
create index user_ids_customer on user_ids (customer);

create table subjects (
  id uuid primary key,
  kind text not null check (kind in ('identity', 'anonymous', 'till', 'import')),
  sign_ins integer not null default 0,
  last_sign_in timestamptz,
  last_ip inet,
  last_password_reset timestamptz,
  blocked boolean not null default false, -- a customer is blocked if one of its subjects is
  created_at timestamptz not null
) with (fillfactor = 85);

-- Whose subject it is, and since when; rows are closed, never changed, so that any joining can be taken apart.
create table members (
  subject uuid not null,
  customer uuid not null,
  number integer not null,           -- the how many-th membership of this subject
  since timestamptz not null,
  until timestamptz,
  reason text not null check (reason in ('created', 'linked', 'merged', 'unmerged', 'unlinked')),
  act uuid not null,                 -- the act (one merge, one link) that wrote the row
  primary key (subject, number)
);
create unique index members_one_customer on members (subject) where until is null;
create index members_of_customer on members (customer) where until is null;
create index members_act on members (act);

-- A subject that can sign in.
create table identities (
  subject uuid primary key,
  provider text not null,            -- 'auth0', 'google-oauth2', 'oidc', ...
  connection text not null,          -- the connection's name
  user_id text not null,             -- id at the provider
  is_social boolean not null,
  profile_data jsonb not null default '{}',  -- raw, as the provider told it
  tokens text,                       -- encrypted JSON of the provider's tokens
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (connection, user_id)
);
create index identities_provider on identities (provider, user_id);

-- What a source said about a subject. Append-only: a new value closes the old row (sets `until`).
create table facts (
  id uuid not null,
  subject uuid not null,
  path text not null,                -- 'given_name', 'user_metadata.scents', 'brands.<slug>.x'
  kind text not null check (kind in ('said', 'withdrawn', 'excluded')),
  value jsonb,                       -- said: the value; excluded: the value that is not for me
  source text not null,              -- 'customer', 'umbrella', 'network', 'rule', 'inferred'
  origin text not null,              -- which one: connection name, client id, rule id, page
  confidence real not null default 1 check (confidence > 0 and confidence <= 1),
  at timestamptz not null,
  until timestamptz,                 -- replaced by a newer one; null: current
  primary key (subject, id)
);
create unique index facts_one_current on facts (subject, path, source, origin) where until is null and kind = 'said';
create index facts_current on facts (subject, path) where until is null;

-- How an address was proven to belong to a subject.
create table proofs (
  subject uuid not null,
  kind text not null check (kind in ('email', 'phone')),
  address text not null,             -- normalised
  how text not null check (how in ('code', 'link', 'provider', 'import', 'umbrella')),
  origin text not null,              -- connection or client that vouched
  at timestamptz not null,
  primary key (subject, kind, address, how)
);
create index proofs_address on proofs (kind, address);

-- Contract of the attribute paths.
create table attributes (
  path text primary key,
  type text not null check (type in ('text', 'number', 'boolean', 'date', 'birthday', 'choice', 'choices', 'list',
    'country', 'phone', 'email', 'url', 'json')),
  labels jsonb not null default '{}',  -- {language: label}
  brand uuid,                          -- null: the umbrella's
  sensitive boolean not null default false,
  segmentable boolean not null default false,
  retention_days integer check (retention_days > 0),
  ranking text[] not null default '{}', -- sources in order, replacing the rule; empty: the rule
  choices jsonb,
  is_system boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- First and last visit of a subject to a brand.
create table visits (
  subject uuid not null,
  brand uuid not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  count integer not null default 1,
  primary key (subject, brand)
);

-- A browser or app installation; it may have many customers.
create table devices (
  id uuid primary key,
  cookie_hash bytea not null unique,
  user_agent text not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null
);
create table device_subjects (
  subject uuid not null,
  device uuid not null,
  connection text not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  primary key (subject, device)
);
create index device_subjects_device on device_subjects (device, last_seen desc);

-- What happened, in order. Partitioned by class (dropped by class) and month.
create table timeline (
  id uuid not null,
  class text not null,               -- 'sign_in', 'profile', 'security'; later 'browse', 'purchase', ...
  subject uuid not null,
  brand uuid,
  portal text,
  source text not null,              -- who wrote it: 'login', 'api', 'account', 'oidc'
  name text not null,                -- 'signed_in', 'sign_in_failed', 'merged', ...
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  session text,                      -- keyed hash of the session
  device uuid,
  ip inet,
  user_agent text,
  version smallint not null default 1,
  data jsonb not null default '{}',
  written_by xid8 not null default pg_current_xact_id(),
  primary key (subject, id, class, received_at)
) partition by list (class);
create index timeline_of_subject on timeline (subject, received_at desc, id desc);
create index timeline_follow on timeline (written_by, id);

-- Makes a class and its months (UTC) from the given day to `months` ahead; harmless when they are there. What came
-- before its month was made lies in `_rest` and is moved.
create function ensure_timeline(class_name text, from_day date, months integer) returns void
language plpgsql set timezone to 'UTC' as $$
declare
  month date := date_trunc('month', from_day);
  after date;
  parent text := 'timeline_' || class_name;
  part text;
begin
  perform pg_advisory_xact_lock(7348203); -- several servers may run the daily job
  if to_regclass(parent) is null then
    execute format('create table %I partition of timeline for values in (%L) partition by range (received_at)',
      parent, class_name);
    execute format('create table %I partition of %I default', parent || '_rest', parent);
  end if;
  for i in 0..months loop
    after := (month + interval '1 month')::date;
    part := parent || to_char(month, '_YYYYMM');
    if to_regclass(part) is null then
      execute format('create table %I (like %I including all)', part, parent);
      execute format('with moved as (delete from %I where received_at >= %L and received_at < %L returning *)
        insert into %I select * from moved', parent || '_rest', month, after, part);
      execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, part, month, after);
    end if;
    month := after;
  end loop;
end $$;

-- Drops the months of a class that ended before the given day; gives the names of what was dropped.
create function drop_timeline(class_name text, before_day date) returns setof text
language plpgsql set timezone to 'UTC' as $$
declare
  parent text := 'timeline_' || class_name;
  part text;
begin
  for part in
    select child.relname from pg_inherits join pg_class child on child.oid = inhrelid
    where inhparent = to_regclass(parent) and child.relname ~ '_[0-9]{6}$'
      and to_date(right(child.relname, 6), 'YYYYMM') + interval '1 month' <= before_day
    order by child.relname
  loop
    execute format('drop table %I', part);
    return next part;
  end loop;
end $$;

select ensure_timeline(class, (now() - interval '1 month')::date, 4)
  from unnest(array['sign_in', 'profile', 'security']) as class;

-- Merges are a table of record: what was joined, by whom, and what it did, so that it can be taken apart.
create table merges (
  id uuid not null,
  winner uuid not null,
  loser uuid not null,
  winner_user_id text not null,
  loser_user_id text not null,
  user_ids text[] not null,          -- the loser's ids that resolve to the winner since
  by text not null,                  -- 'customer', 'api', 'staff'
  origin text not null,
  at timestamptz not null,
  undone_at timestamptz,
  primary key (winner, id)
);
create index merges_id on merges (id);
create index merges_loser on merges (loser);
