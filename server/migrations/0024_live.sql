-- Customers whose timeline somebody is looking at, and by which server process. Each refreshes its own; what a process
-- left behind is over at `until`, by the clock of the database. Lost in a crash of the database, and written anew.
create unlogged table watched_customers (
  customer uuid not null,
  server uuid not null,
  until timestamptz not null,
  primary key (customer, server)
);

-- Wakes the readers of the timeline once a transaction, and only for customers that somebody looks at: also for those
-- whose subject it was, for they were merged meanwhile. It says nothing but that there is something to read.
create function tell_of_timeline() returns trigger language plpgsql as $$
begin
  if exists (select from watched_customers) and exists (
    select from added
    join members on members.subject = added.subject
    join watched_customers on watched_customers.customer = members.customer
    where watched_customers.until > now()
  ) then
    perform pg_notify('timeline', '');
  end if;
  return null;
end
$$;
create trigger tell_of_timeline after insert on timeline
  referencing new table as added for each statement execute function tell_of_timeline();
