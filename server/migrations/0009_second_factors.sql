-- Second factors. Of each, `authentication_methods` keeps in `data`: totp {name}; phone {phone, name}; email {address,
-- name}; recovery_codes {hashes}, of which each is taken out when its code is used.
alter table authentication_methods add column sealed text;      -- totp: the secret, encrypted
alter table authentication_methods add column last_step bigint; -- totp: the newest time step that was used
create index authentication_methods_sealed on authentication_methods (id) where sealed is not null;
create unique index authentication_methods_one_recovery on authentication_methods (subject)
  where type = 'recovery_codes';

-- Where a customer has said that a second factor need not be asked for again until then.
create table remembered_devices (
  customer uuid not null,
  cookie_hash bytea not null,        -- of the device's cookie
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (customer, cookie_hash)
);
create index remembered_devices_expiry on remembered_devices (expires_at);

-- Was the second factor left out because the device was remembered?
alter table sign_ins add column remembered boolean not null default false;

-- Who must have a second factor: null says nothing, so what stands above counts.
alter table brands add column mfa text check (mfa in ('never', 'new_device', 'always'));
update portals set settings = settings || '{"mfa": null}';

-- Text messages and calls that were written, like the outbox of mails.
create table text_messages (
  id uuid primary key,
  subject_id uuid,                   -- the subject whose message it is, so that erasure finds it
  brand uuid,
  channel text not null check (channel in ('sms', 'voice')),
  recipient text not null,           -- E.164
  body text not null,
  language text not null,
  status text not null check (status in ('queued', 'sent', 'failed')),
  error text,
  created_at timestamptz not null,
  sent_at timestamptz
);
create index text_messages_recipient on text_messages (recipient);
create index text_messages_subject on text_messages (subject_id) where subject_id is not null;

-- A sign-in without page that waits for its second factor (`mfa_required`): what the token stands for.
create table mfa_tokens (
  hash bytea primary key,
  customer uuid not null,
  portal text not null,              -- client id
  content jsonb not null,            -- how far the sign-in has come
  created_at timestamptz not null,
  expires_at timestamptz not null,
  consumed_at timestamptz
);
create index mfa_tokens_customer on mfa_tokens (customer);
create index mfa_tokens_expiry on mfa_tokens (expires_at);
