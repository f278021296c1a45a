-- Which portals are those as which the account pages themselves sign in: one of each brand. Told by a column, not by
-- what anybody may write into a portal's settings: nothing is asked there on the way in.
alter table portals add column is_account boolean not null default false check (not is_account or not is_machine);

update portals p set is_account = true, settings = p.settings #- '{client_metadata,account_pages}'
from brands b
where b.id = p.brand and p.client_id = 'account-' || b.slug
  and p.settings -> 'client_metadata' ->> 'account_pages' = b.slug;

create unique index portals_account on portals (brand) where is_account;
