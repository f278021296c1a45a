-- Of how many customers an attribute is known, of each brand, too; nothing was written until now.
alter table attribute_shares
  drop constraint attribute_shares_pkey,
  add column brand uuid references brands (id) on delete cascade;  -- whose customers (who were there); null: all
create unique index attribute_shares_once on attribute_shares (path, day, brand) nulls not distinct;
create index attribute_shares_by_day on attribute_shares (day);

-- Who was held out counted as finished at once, and who was asked never: from now on it is told by the tokens.
update question_asks set finished_at = null where place = 'page';

-- Who was asked anything lately is in a pause.
create index question_asks_lately on question_asks (shown_at);
