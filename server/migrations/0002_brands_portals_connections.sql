create table brands (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text not null,
  theme jsonb not null default '{}',  -- colours, corners, font
  texts jsonb not null default '{}',  -- {language: {key: text}}, replacing ours
  logo_url text,
  website text,
  mail_from text,
  mail_reply_to text,
  privacy_url text,
  terms_url text,
  support_url text,
  default_language text not null default 'en',
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- A portal is an OIDC client of one brand; `settings` keeps Auth0's client properties that act here.
create table portals (
  client_id text primary key,
  brand uuid references brands (id),
  name text not null,
  app_type text not null check (app_type in ('native', 'spa', 'regular_web', 'non_interactive')),
  settings jsonb not null,
  secret_hash text,               -- encrypted SHA-256: a short secret cannot be guessed from a copy of the table
  is_machine boolean not null default false check (is_machine or brand is not null),
  enabled boolean not null default true,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index portals_brand on portals (brand);
create index portals_created on portals (created_at, client_id);

create table resource_servers (
  id text primary key,
  identifier text not null unique,
  name text,
  scopes jsonb not null default '[]', -- [{value, description}]
  settings jsonb not null,            -- lifetimes, allow_offline_access, ...
  is_system boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table client_grants (
  id text primary key,
  client_id text not null references portals (client_id) on delete cascade,
  audience text not null references resource_servers (identifier) on delete cascade,
  scope text[] not null,
  created_at timestamptz not null,
  unique (client_id, audience)
);

create table connections (
  id text primary key,
  name text not null unique,
  strategy text not null,
  display_name text,
  options jsonb not null,         -- without secrets
  secrets text,                   -- encrypted JSON of the options that are secret
  show_as_button boolean not null default true,
  realms text[] not null default '{}',
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index connections_created on connections (created_at, id);

-- Which portals offer which connections.
create table connection_portals (
  connection_id text not null references connections (id) on delete cascade,
  client_id text not null references portals (client_id) on delete cascade,
  primary key (connection_id, client_id)
);
create index connection_portals_client on connection_portals (client_id);
