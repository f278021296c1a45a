-- Where a subject has signed in from, by place as the operator's file of IP addresses tells it: what is usual there.
create table sign_in_places (
  subject uuid not null,
  country text not null,             -- ISO 3166-1
  city text not null default '',
  latitude real,
  longitude real,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  primary key (subject, country, city)
);
