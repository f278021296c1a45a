-- What a customer was asked and said of one question, as "who would see this" gathers it of all customers at once.
create type held_back as (
  customer uuid,
  until integer,       -- it is held back below so many sign-ins
  had_chance integer   -- a bit for each of its fields that stood on a page which was answered
);
-- The rows of a list of them, of which the planner takes there to be many: of ten it would go through all for each
-- customer. `strict` keeps it from being taken apart again.
create function held_back_rows(held_back[]) returns setof held_back
  language sql immutable strict parallel safe rows 100000 as 'select * from unnest($1)';

-- Whose subject it is now, told by the index alone: members are written once, and read at every sign-in and every count.
create unique index members_one_customer_now on members (subject) include (customer) where until is null;
drop index members_one_customer;
alter index members_one_customer_now rename to members_one_customer;
