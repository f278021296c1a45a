-- What the whole umbrella shares: settings, signing keys, mails, attack limits.

-- One row a setting that is not an environment variable: the umbrella's name, the secret's fingerprint, the issuer.
create table settings (
  name text primary key,
  value jsonb not null
);

-- Cached settings (brands, portals, connections, keys) are thrown away by every process when this number changes.
create table settings_version (
  only_row boolean primary key default true check (only_row),
  version bigint not null default 1
);
insert into settings_version default values;

-- Called by the transaction that changes a cached setting.
create function bump_settings() returns void language sql as $$
  update settings_version set version = version + 1;
  select pg_notify('settings', '');
$$;

create table signing_keys (
  kid text primary key,
  status text not null check (status in ('next', 'current', 'previous', 'revoked')),
  public_jwk jsonb not null,
  private_jwk text not null, -- encrypted
  certificate text not null,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create unique index signing_keys_one_current on signing_keys (status) where status in ('next', 'current');

-- Every mail that was written, kept for the console; `status` says whether it left.
create table outbox (
  id uuid primary key,
  brand uuid,
  kind text not null,
  recipient text not null,
  sender text not null,
  subject text not null,
  body_text text not null,
  body_html text not null,
  language text not null,
  subject_id uuid, -- whose mail it is, so that erasure finds it
  status text not null check (status in ('queued', 'sent', 'failed', 'kept')),
  error text,
  created_at timestamptz not null,
  sent_at timestamptz
);
create index outbox_newest on outbox (created_at desc, id desc);
create index outbox_recipient on outbox (lower(recipient), created_at desc);
create index outbox_subject on outbox (subject_id) where subject_id is not null;

-- Counters of the attack limits. Unlogged: losing them in a crash only forgives.
create unlogged table attempts (
  scope text not null,       -- which limit, e.g. 'sign_in'
  key bytea not null,        -- keyed hash of what is counted
  window_start timestamptz not null,
  count integer not null,    -- tries that were let through: those that failed and those still running
  failed integer not null default 0,
  blocked_until timestamptz,
  expires_at timestamptz not null,
  hint text,                 -- customer id or keyed hash of an identifier, so that /user-blocks finds it
  ip inet,
  primary key (scope, key)
);
create index attempts_expiry on attempts (expires_at);
create index attempts_hint on attempts (hint) where hint is not null;
