-- The umbrella's own code at a trigger, in Auth0's shapes: what is being written, and what runs.
create table actions (
  id uuid primary key,
  name text not null unique,
  trigger text not null,
  code text not null,                -- of the draft, as are dependencies, runtime and secrets
  dependencies jsonb not null,
  runtime text not null,
  secrets text not null,             -- encrypted
  -- What becomes of the act when it fails or is late: it is refused, or goes on without this action.
  on_failure text not null check (on_failure in ('refuse', 'go_on')),
  deployed uuid,                     -- the version that runs; null: none was deployed
  all_changes_deployed boolean not null default false,
  built_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index actions_created on actions (created_at, id);

-- What was deployed once; never changed.
create table action_versions (
  id uuid primary key,
  action uuid not null references actions (id) on delete cascade,
  number integer not null,
  code text not null,
  dependencies jsonb not null,
  runtime text not null,
  secrets text not null,             -- encrypted
  created_at timestamptz not null,
  unique (action, number)
);
alter table actions add constraint actions_deployed foreign key (deployed) references action_versions (id);

-- Which actions run at a trigger, in the order of `place`.
create table action_bindings (
  id uuid primary key,
  trigger text not null,
  place integer not null,
  action uuid not null references actions (id),
  display_name text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (trigger, place) deferrable initially deferred
);
create index action_bindings_action on action_bindings (action);

-- `api.cache`: short-lived texts of a trigger. Lost when the database crashes, as a cache may be.
create unlogged table action_cache (
  trigger text not null,
  key text not null,
  value text not null,
  expires_at timestamptz not null,
  primary key (trigger, key)
);
create index action_cache_expires on action_cache (expires_at);

-- How runs of a trigger ended, for ten days.
create table action_executions (
  id uuid primary key,
  customer uuid,                     -- whose; null: of nobody yet, or of a machine
  trigger text not null,
  status text not null,
  results jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index action_executions_customer on action_executions (customer) where customer is not null;
create index action_executions_created on action_executions (created_at);
