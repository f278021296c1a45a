-- A customer may ask to be erased, and change their mind until the day comes.
alter table customers add column erase_at timestamptz; -- asked to be erased: when that will be done
create index customers_erase on customers (erase_at) where erase_at is not null;

-- Who asked for it: where and in which language, for the mails about it.
create table erasures (
  customer uuid primary key,
  brand uuid not null,
  language text not null,
  asked_at timestamptz not null
);

-- The key of what stays of erased customers. Made once, so that a new REGULARS_SECRET does not make it worthless.
create table erasure_keys (
  id text primary key,
  sealed text not null                -- encrypted
);

-- Keyed hashes of addresses whose owners were erased: only they themselves can come back.
create table erased_addresses (
  hash bytea primary key,
  erased_at timestamptz not null
);

-- Passwords that a customer had before, where the connection remembers some.
create table password_history (
  subject uuid not null,
  id uuid not null,
  hash text not null,
  replaced_at timestamptz not null,
  primary key (subject, id)
);

-- The last mail to who was erased: its row goes as soon as it has left.
alter table outbox add column forget boolean not null default false;
create index outbox_forget on outbox (id) where forget;
create index text_messages_age on text_messages (created_at);
