-- At which brands a customer signed in, the first one first: what `visits` say of all of their subjects, folded as everything
-- else of a customer is. A condition looks at everybody, and has no time to set all visits against all members.
alter table customers add column visited uuid[] not null default '{}';
