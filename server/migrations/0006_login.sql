-- What is kept of a visit to a network until the browser is back, for one look: what the network posted (Apple answers
-- by form), or what the account page asked for.
create table network_notes (
  handle_hash bytea primary key,
  content text not null,             -- encrypted
  expires_at timestamptz not null
);
create index network_notes_expiry on network_notes (expires_at);
