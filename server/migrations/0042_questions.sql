-- Progressive profiling: what customers are asked after a sign-in, and what came of it.

create table questions (
  id uuid primary key,
  name text not null,
  state text not null check (state in ('draft', 'live', 'paused')),
  brand uuid references brands (id) on delete cascade,  -- at whose portals it is asked; null: at all
  starts_at timestamptz,
  ends_at timestamptz,
  position integer not null,           -- among due ones the first is asked
  content_version integer not null,    -- which of question_versions is asked
  version integer not null,            -- of everything that staff can change
  fault_at timestamptz,                -- when its condition last could not be evaluated
  fault text,
  removed_at timestamptz,              -- nobody sees it any more but in what was asked
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index questions_in_order on questions (position, id) where removed_at is null;

-- Whoever looks at a version answers that one, whatever has become of the question.
create table question_versions (
  question uuid not null references questions (id) on delete cascade,
  number integer not null,
  content jsonb not null,
  created_at timestamptz not null,
  primary key (question, number)
);

-- A customer was asked (or, to compare, was not): how that ended, and at what kind of sign-in.
create table question_asks (
  subject uuid not null,
  id uuid not null,
  question uuid not null,
  content_version integer not null,
  variant text not null,
  arm text not null check (arm in ('asked', 'held_out')),
  place text not null check (place in ('page', 'embedded')),
  fields text[] not null,              -- keys of those that were shown
  brand uuid,
  portal text,
  sign_in uuid,
  sign_in_number integer not null,
  device text,                         -- 'phone', 'tablet', 'desktop'
  country text,
  language text,
  hour smallint not null,              -- of the customer's day
  shown_at timestamptz not null,
  outcome text check (outcome in ('answered', 'skipped', 'not_now', 'never')),
  answered text[] not null default '{}',  -- keys of the fields that were answered
  ended_at timestamptz,
  finished_at timestamptz,             -- the browser went on to the portal
  primary key (subject, id),
  check ((outcome is null) = (ended_at is null))
);
create index question_asks_of_question on question_asks (question, shown_at);
create unique index question_asks_once on question_asks (subject, sign_in) where sign_in is not null;  -- at most one each

-- How many customers have a value at the attributes that questions ask for, day by day (UTC).
create table attribute_shares (
  path text not null,
  day date not null,
  known bigint not null,
  customers bigint not null,
  primary key (path, day)
);

-- May questions ask for an attribute of `app_metadata`, which is the umbrella's to write?
alter table attributes add column askable boolean not null default false;

-- The last sign-in of a customer, for conditions: portal, brand, connection, country, language, device, hour.
alter table customers add column last_sign_in jsonb;
