-- What customers are asked to allow: a purpose of a brand (or of the umbrella), or one topic of it.
create table consent_catalogue (
  id uuid primary key,
  brand uuid references brands (id) on delete cascade,  -- null: the umbrella
  purpose text not null check (purpose in ('terms', 'profiling', 'enrichment', 'email', 'sms', 'referral')),
  topic text,                        -- null: the purpose as a whole
  required boolean not null,
  at_sign_up boolean not null,
  in_journey boolean not null,
  double_opt_in boolean not null,
  minimum_age smallint,
  under_age text not null check (under_age in ('skip', 'refuse')),
  unknown_age text not null check (unknown_age in ('ask', 'skip')),
  position integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index consent_catalogue_scope on consent_catalogue (brand, purpose, topic) nulls not distinct;

-- The words in which it is asked. What was published never changes; the newest that was not withdrawn is in force.
create table consent_wordings (
  consent uuid not null references consent_catalogue (id) on delete cascade,
  version text not null,
  texts jsonb not null,              -- {language: {label, details, link}}
  created_at timestamptz not null,
  updated_at timestamptz not null,
  published_at timestamptz,
  withdrawn_at timestamptz,
  primary key (consent, version),
  check (withdrawn_at is null or published_at is not null)
);

-- More of the proof: where it was said, which machine wrote it down, how a double opt-in was confirmed.
alter table consents
  add column portal text,            -- client id
  add column place text,             -- in words, as a machine tells it
  add column client text,            -- the machine that wrote it down; null: the customer said it to us
  add column confirmation jsonb;     -- {asked_at, ip, address}

-- A yes that waits for a click on a mailed link; until then it counts as not given.
create table consent_confirmations (
  id uuid not null,
  subject uuid not null,
  brand uuid,
  purpose text not null,
  topic text,
  version text not null,
  wording text not null,
  language text not null,
  source text not null,
  portal text,
  place text,
  client text,
  ip inet,
  at timestamptz not null,
  address text not null,
  secret_hash bytea not null,
  expires_at timestamptz not null,
  consumed_at timestamptz,
  primary key (subject, id)
);
create index consent_confirmations_id on consent_confirmations (id);
create index consent_confirmations_expiry on consent_confirmations (expires_at);

-- Portals that were made before have not asked for it.
update portals set settings = settings || '{"require_consent": false}' where not settings ? 'require_consent';
