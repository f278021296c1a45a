-- What staff and machines did through the API and whom they looked at. Rows are written once and never changed, but for
-- the seal that takes them into the chain.
create table audit (
  id uuid primary key,
  at timestamptz not null,
  by text not null check (by in ('staff', 'machine')),
  who text not null,                 -- id of the staff, or client_id
  who_name text not null,            -- as they were called then
  act text not null check (act in ('read', 'create', 'change', 'delete', 'refuse')),
  route text not null,               -- 'PATCH /users/{id}'
  summary text not null,             -- the same in words
  about text not null,               -- 'customer', 'customers', 'brand', ...
  thing text,                        -- which one, where it is no customer
  customer uuid,                     -- internal id: it says nothing once the customer is erased
  paths text[] not null,             -- of attributes or settings, never a value
  ip text,
  user_agent text not null,
  values_hash bytea,                 -- of the row of audit_values, salted there
  mac bytea not null,                -- keyed hash of all columns above: a row that is changed or made by hand shows
  seal bigint                        -- null: not yet in the chain
);
create index audit_newest on audit (at desc, id desc);
create index audit_customer on audit (customer, at desc, id desc) where customer is not null;
create index audit_who on audit (who, at desc, id desc);
create index audit_unsealed on audit (id) where seal is null;
create index audit_seal on audit (seal, id);

-- What a change was from and to, by path. Goes with the customer.
create table audit_values (
  customer uuid not null,
  audit uuid not null,
  salt bytea not null,
  changes text not null,             -- JSON, exactly as it was hashed: {path: {before, after}}
  primary key (customer, audit)
);
create index audit_values_audit on audit_values (audit);

-- Each seal is a keyed hash over the one before it and its rows: what is deleted, added or moved shows.
create table audit_seals (
  number bigint primary key,
  rows integer not null,
  newest_at timestamptz not null,    -- of its rows
  hash bytea not null
);

-- Where the chain begins (the last seal that retention took away) and ends.
create table audit_chain (
  id smallint primary key check (id = 1),
  first_number bigint not null,
  first_hash bytea not null,
  last_number bigint not null,
  last_hash bytea not null,
  mac bytea not null
);
