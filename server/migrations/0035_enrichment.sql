-- What library rules learn of a customer from elsewhere: which sources were asked, what they said, and whether they
-- work; and what is known of areas, loaded by the operator.

-- A source that calls outside, by the id of its library rule. A row comes with its first call.
create table enrichment_sources (
  id text primary key,
  failures_in_row integer not null default 0,
  paused_until timestamptz,          -- the circuit breaker is open; null: it is closed
  paused_for text,                   -- why, in the words of the last failure
  cost_micros bigint not null default 0 check (cost_micros >= 0),  -- of one call, in millionths of the currency's unit
  cost_for text not null default 'call' check (cost_for in ('call', 'hit')),
  currency text not null default 'USD',
  version integer not null default 1,
  updated_at timestamptz not null
);

-- What came of the calls of one day (UTC).
create table enrichment_days (
  source text not null references enrichment_sources (id),
  day date not null,
  currency text not null,
  hits integer not null default 0,       -- something is known of the customer
  misses integer not null default 0,     -- nothing is
  failures integer not null default 0,   -- no answer, or one that cannot be used
  cost_micros bigint not null default 0,
  primary key (source, day, currency)
);

-- What a source was asked about a subject, what came of it, and when it may be asked again. What was learned stands
-- among the subject's facts.
create table enrichment_answers (
  subject uuid not null,
  source text not null,
  question jsonb,                    -- until it is answered
  asked_for bytea not null,          -- SHA-256 of the question: another address is another question
  status text not null check (status in ('asking', 'hit', 'miss', 'failed')),
  attempts integer not null default 0,
  asked_at timestamptz not null,
  ask_again_at timestamptz not null,
  primary key (subject, source),
  check ((status = 'asking') = (question is not null))
);

-- Median household income of ZIP code tabulation areas.
create table income_areas (
  code text primary key,             -- 5 digits
  median_income integer not null,    -- US dollars a year
  bound text check (bound in ('or_less', 'or_more')),  -- the census tells no more than that; null: it is the median
  latitude double precision,         -- of a point inside; null: not told
  longitude double precision,
  check ((latitude is null) = (longitude is null))
);
