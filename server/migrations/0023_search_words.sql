-- What staff find customers by as they type: every customer under each folded beginning that may be typed (see
-- features/customers/search-words.ts). In the order of bytes, so that a beginning is one range of the key.
create table search_words (
  kind text collate "C" not null,    -- the attribute that it was made of: 'name', 'email', 'phone_number', 'username'
  word text collate "C" not null,
  customer uuid not null,
  primary key (kind, word, customer)
);
create index search_words_customer on search_words (customer);

-- How far the words of customers who were there before are made: they are made in the background.
create table search_filling (
  version smallint primary key,      -- of the folding; a new one begins anew
  after uuid,                        -- the customers up to here are done
  done boolean not null default false
);

create index identities_user_id on identities (user_id);

-- Lists in these orders go on behind a customer. Only the beginning of a name: an index holds no long ones.
create index customers_name on customers (left(name, 100), id) where merged_into is null;
create index customers_family_name on customers (left(family_name, 100), id) where merged_into is null;
-- With the customers who have none: they come last.
drop index customers_email;
create index customers_email on customers (email, id) where merged_into is null;
