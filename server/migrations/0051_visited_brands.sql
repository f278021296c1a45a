-- At which brands a customer signed in, the first one first: what `visits` say of all of their subjects, folded as everything
-- else of a customer is. A condition looks at everybody, and has no time to set all visits against all members.
alter table customers add column visited uuid[] not null default '{}';

update customers set visited = folded.brands
from (
  select customer, array_agg(brand order by first_at, brand) as brands
  from (
    select m.customer, v.brand, min(v.first_at) as first_at
    from members m join visits v on v.subject = m.subject where m.until is null group by m.customer, v.brand
  ) as each_brand
  group by customer
) as folded
where folded.customer = customers.id;
