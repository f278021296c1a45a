-- What proves a customer at the door.
create table authentication_methods (
  id uuid not null,
  subject uuid not null,
  type text not null check (type in ('password')),
  data jsonb not null,               -- password: {hash}
  proved_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null,
  primary key (subject, id)
);
create unique index authentication_methods_one_password on authentication_methods (subject) where type = 'password';

-- What a customer types to say who they are, unique within a password connection.
create table login_identifiers (
  connection text not null,          -- the connection's name
  kind text not null check (kind in ('email', 'username', 'phone')),
  value text not null,               -- normalised
  subject uuid not null,
  primary key (connection, kind, value)
);
create index login_identifiers_subject on login_identifiers (subject);
create index login_identifiers_value on login_identifiers (kind, value);

-- Codes and links that were mailed. Only keyed hashes; single use; `tries_left` counts down.
create table one_time_codes (
  id uuid primary key,
  purpose text not null,             -- 'sign_up', 'sign_in', 'reset_password', 'verify_email', 'prove_account', ...
  flow text,                         -- the flow that asked, where it must be the same browser
  customer uuid,
  subject uuid,                      -- whose account it concerns, if there is one already
  address text,                      -- normalised
  data jsonb not null default '{}',
  secret_hash bytea not null,
  tries_left smallint not null default 5,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  consumed_at timestamptz
);
create index one_time_codes_flow on one_time_codes (flow, purpose) where flow is not null;
create index one_time_codes_customer on one_time_codes (customer) where customer is not null;
create index one_time_codes_subject on one_time_codes (subject) where subject is not null;
create index one_time_codes_address on one_time_codes (address) where address is not null;
create index one_time_codes_expiry on one_time_codes (expires_at);

-- Append-only: what was allowed or withdrawn, and what was shown.
create table consents (
  id uuid not null,
  subject uuid not null,
  brand uuid,                        -- null: the umbrella
  purpose text not null check (purpose in ('terms', 'profiling', 'enrichment', 'email', 'sms', 'referral')),
  topic text,
  given boolean not null,
  version text not null,
  wording text not null,             -- what was shown
  language text not null,
  source text not null,              -- page, connection, 'merge', api client
  ip inet,
  at timestamptz not null,
  primary key (subject, id)
);
create index consents_latest on consents (subject, purpose, brand, at desc);
