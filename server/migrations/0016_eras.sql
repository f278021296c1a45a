-- Counts how often everything that a customer was signed in to was ended: what was proven in an earlier era and still
-- waits (for a second factor, for a choice) goes no further.
alter table customers add column era integer not null default 0;
