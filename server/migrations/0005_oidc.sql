-- What the protocol engine remembers. Tokens, codes and session ids are stored as SHA-256 hashes only, and the payload
-- does not repeat them.

-- A visit to the hosted pages: the engine's interaction and what the pages remember, in one row.
create table flows (
  id text primary key,               -- in the address /u/<id>/...; useless without its cookie
  engine jsonb not null,
  state jsonb not null default '{}',
  secret_hash bytea not null,        -- of the cookie
  customer uuid,                     -- whose session it began in
  expires_at timestamptz not null
);
create index flows_expiry on flows (expires_at);
create index flows_customer on flows (customer) where customer is not null;

-- A browser's session at the issuer. `uid` stays when the id changes (at each step of privilege).
create table sessions (
  id_hash bytea primary key,
  uid text not null unique,
  customer uuid,                     -- none before the first sign-in
  payload jsonb not null,
  ip inet,
  user_agent text not null default '',
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index sessions_customer on sessions (customer) where customer is not null;
create index sessions_expiry on sessions (expires_at);

-- One counted or silent sign-in: how it was proven and what rules decided for its tokens.
create table sign_ins (
  id uuid not null,
  customer uuid not null,
  subject uuid not null,
  portal text not null,
  brand uuid not null,
  connection text not null,
  amr text[] not null,
  acr text,
  decided jsonb not null default '{}', -- {id_token: {...}, access_token: {...}}
  at timestamptz not null,
  primary key (customer, id)
);
create index sign_ins_age on sign_ins (at);

-- What one sign-in gave one portal. Everything issued under it dies with it.
create table grants (
  id text primary key,
  customer uuid not null,
  portal text not null,
  sign_in uuid not null,
  session_uid text,                  -- none: password grant
  payload jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index grants_customer on grants (customer);
create index grants_session on grants (session_uid) where session_uid is not null;
create index grants_expiry on grants (expires_at);

-- Authorization codes, refresh tokens, opaque access tokens, device codes and pushed requests.
create table tokens (
  hash bytea primary key,
  kind text not null,
  grant_id text,
  portal text,
  payload jsonb not null,
  user_code_hash bytea,              -- device codes: keyed hash of what the customer types
  polled_at timestamptz,             -- device codes: when the device last asked
  consumed_at timestamptz,
  issued_at timestamptz not null,
  expires_at timestamptz not null
);
create index tokens_grant on tokens (grant_id) where grant_id is not null;
create unique index tokens_user_code on tokens (user_code_hash) where user_code_hash is not null;
create index tokens_expiry on tokens (expires_at);

-- Proofs of possession (DPoP) that were seen, so that none is used twice.
create table seen_proofs (
  hash bytea primary key,
  expires_at timestamptz not null
);
create index seen_proofs_expiry on seen_proofs (expires_at);
