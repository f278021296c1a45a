-- People of the umbrella who use the console. They are no customers: tables, sessions and ways in of their own.
create table staff (
  id uuid primary key,
  email text not null unique,        -- normalised
  name text not null,
  blocked boolean not null default false,
  brands uuid[],                     -- those they belong to; null: all
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index staff_created on staff (created_at, id);

-- What somebody may do, and which attributes they may read and write.
create table staff_roles (
  id uuid primary key,
  ready text unique,                 -- which of ours it is; null: the umbrella made it
  name text not null,
  description text not null default '',
  scopes text[] not null,
  reads text[] not null,             -- paths of attributes, see features/staff/path-rule.ts
  writes text[] not null,
  brands uuid[],                     -- null: all
  version integer not null default 1, -- above 1: somebody changed it
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index staff_roles_name on staff_roles (lower(name)) where ready is null;
create index staff_roles_created on staff_roles (created_at, id);

create table staff_role_holders (
  staff uuid not null references staff (id) on delete cascade,
  role uuid not null references staff_roles (id),
  primary key (staff, role)
);
create index staff_role_holders_role on staff_role_holders (role);

-- Ways in and second factors of staff; what each keeps in `data` stands with the verbs that write it.
create table staff_ways (
  id uuid primary key,
  staff uuid not null references staff (id) on delete cascade,
  kind text not null check (kind in ('password', 'passkey', 'totp', 'recovery_codes')),
  data jsonb not null default '{}',
  sealed text,                       -- the secret of an authenticator app, encrypted
  last_step bigint,                  -- of that app: the newest time step that was used
  credential_id bytea unique,
  created_at timestamptz not null,
  last_used_at timestamptz,
  check ((kind = 'passkey') = (credential_id is not null)),
  check ((kind = 'totp') = (sealed is not null))
);
create index staff_ways_staff on staff_ways (staff);
create unique index staff_ways_single on staff_ways (staff, kind) where kind in ('password', 'recovery_codes');

-- Whoever is in. Only hashes of the cookies are kept.
create table staff_sessions (
  token_hash bytea primary key,
  id uuid not null unique,
  staff uuid not null references staff (id) on delete cascade,
  amr text[] not null,
  ip inet,
  user_agent text not null,
  proved_at timestamptz not null,    -- when they last proved that it is them
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null    -- 12 hours after they were last seen, at most 7 days after it began
);
create index staff_sessions_staff on staff_sessions (staff);
create index staff_sessions_expiry on staff_sessions (expires_at);

-- Whoever is half in: the first way was right, a second factor is due, to be used or to be made. Good for nothing else.
create table staff_steps (
  token_hash bytea primary key,
  staff uuid not null references staff (id) on delete cascade,
  due text not null check (due in ('factor', 'enrolment')),
  amr text[] not null,
  return_to text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index staff_steps_staff on staff_steps (staff);
create index staff_steps_expiry on staff_steps (expires_at);

-- Links that work once: only keyed hashes of them are kept.
create table staff_tickets (
  id uuid primary key,
  purpose text not null check (purpose in ('administrator', 'invitation', 'reset', 'unblock')),
  secret_hash bytea not null,
  staff uuid references staff (id) on delete cascade,       -- whose it is, when they are there already
  email text,                                               -- of who is invited
  invited_by uuid references staff (id) on delete cascade,  -- null: a machine
  data jsonb not null default '{}',
  created_at timestamptz not null,
  expires_at timestamptz not null,
  consumed_at timestamptz
);
create unique index staff_tickets_invitation on staff_tickets (email) where purpose = 'invitation' and consumed_at is null;
create index staff_tickets_staff on staff_tickets (staff) where staff is not null;
create index staff_tickets_inviter on staff_tickets (invited_by) where invited_by is not null;
create index staff_tickets_expiry on staff_tickets (expires_at);
