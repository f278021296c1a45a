-- Where a brand sells in person.
create table stores (
  id uuid primary key,
  brand uuid not null references brands (id),
  name text not null,
  time_zone text not null,           -- IANA
  currency text not null,            -- ISO 4217
  latitude double precision,         -- where it is; null: not told
  longitude double precision,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check ((latitude is null) = (longitude is null))
);
create index stores_brand on stores (brand, created_at, id);
create index stores_created on stores (created_at, id);

create table store_staff (
  store uuid not null references stores (id) on delete cascade,
  staff uuid not null references staff (id) on delete cascade,
  primary key (store, staff)
);
create index store_staff_staff on store_staff (staff);
