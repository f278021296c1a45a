-- Rules: the umbrella's own code at sign-in, and ready rules from the library that it switched on.
create table rules (
  id text primary key,               -- rul_ and 16 letters or digits, as Auth0's
  name text not null,
  place double precision not null,   -- `order`: lower ones run first
  enabled boolean not null,
  script text,                       -- null: it is of the library
  library text,                      -- id of a library rule
  settings jsonb,                    -- what the form of a library rule was filled in with, without what is secret
  secrets text,                      -- encrypted JSON: the secret ones
  on_failure text not null check (on_failure in ('refuse', 'go_on')),
  deadline_ms integer check (deadline_ms between 50 and 20000), -- null: only the pipeline's
  version integer not null,          -- of rule_versions
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check ((script is null) = (library is not null)),
  check ((library is null) = (settings is null)),
  constraint rules_name unique (name),
  -- Rules may change places with each other in one statement.
  constraint rules_place unique (place) deferrable initially immediate
);

-- Every save of what a rule does.
create table rule_versions (
  rule text not null references rules (id) on delete cascade,
  version integer not null,
  name text not null,
  script text,
  settings jsonb,
  on_failure text not null,
  deadline_ms integer,
  saved_by text not null,            -- client_id, or `staff|<id>`
  saved_by_name text not null,       -- as they were called then
  restored integer,                  -- the version that it brought back
  saved_at timestamptz not null,
  primary key (rule, version)
);

-- What scripts find as `configuration`; never shown again.
create table rules_configs (
  key text primary key,
  value text not null,               -- encrypted
  updated_at timestamptz not null
);

-- How rules did in one minute, of all processes together: never a row for each run.
create table rule_minutes (
  rule text not null,
  minute timestamptz not null,
  runs integer not null,
  errors integer not null,
  times integer[] not null,          -- how many runs took so long: one number for each step of features/rules/times.ts
  expires_at timestamptz not null,
  primary key (rule, minute)
);
create index rule_minutes_expires on rule_minutes (expires_at);

-- What rules printed at sign-ins; it may name anything of the customer.
create table rule_lines (
  customer uuid not null,
  number bigint generated always as identity,
  rule text not null,
  at timestamptz not null,
  level text not null check (level in ('debug', 'info', 'log', 'warn', 'error')),
  line text not null,
  expires_at timestamptz not null,
  primary key (customer, number)
);
create index rule_lines_number on rule_lines (number);
create index rule_lines_expires on rule_lines (expires_at);
