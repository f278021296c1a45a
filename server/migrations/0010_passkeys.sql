-- A passkey is found by its credential id, before anyone is known.
alter table authentication_methods add column credential_id bytea;
alter table authentication_methods add constraint authentication_methods_passkey_check
  check ((type = 'passkey') = (credential_id is not null));
create unique index authentication_methods_credential on authentication_methods (credential_id);

-- Challenges that were handed out and not answered yet. The hash also covers what a challenge is for and who asked, so
-- for anybody else it is not there. Unlogged: after a crash the page asks for another one.
create unlogged table passkey_challenges (
  challenge_hash bytea primary key,
  user_handle bytea,                 -- of a registration: as whom the authenticator keeps the passkey
  expires_at timestamptz not null
);
create index passkey_challenges_expiry on passkey_challenges (expires_at);
