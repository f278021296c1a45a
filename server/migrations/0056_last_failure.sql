-- What a source failed with last, in our words: also where one failure does not pause it.
alter table enrichment_sources add column failed_at timestamptz, add column failed_for text;
