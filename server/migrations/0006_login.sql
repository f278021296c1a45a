-- What a network posted to us (Apple answers by form), until the browser comes for it by GET with its cookies.
create table network_posts (
  handle_hash bytea primary key,
  params text not null,              -- encrypted
  expires_at timestamptz not null
);
create index network_posts_expiry on network_posts (expires_at);
