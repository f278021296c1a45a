-- The last sign-in at each brand, as `customers.last_sign_in` is the one at any: who is limited to some brands is told of
-- the last of those, whatever came after it elsewhere. Nothing is filled in: of whom the last one of all is known would
-- tell where that was.
alter table visits add column last_sign_in jsonb;
