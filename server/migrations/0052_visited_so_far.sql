-- In a transaction of its own: customers can be read while it is filled in (half a minute for a million).
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
