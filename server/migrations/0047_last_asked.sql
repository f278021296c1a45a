-- When a customer was last asked anything, where conditions and counts over all customers look: counted like sign-ins, of
-- each subject and over all subjects of a customer.
alter table subjects add column last_asked_at timestamptz;
alter table customers add column last_asked_at timestamptz;
update subjects set last_asked_at = asked.at
  from (select subject, max(shown_at) as at from question_asks group by subject) as asked
  where asked.subject = subjects.id;
update customers set last_asked_at = asked.at
  from (
    select members.customer, max(subjects.last_asked_at) as at from members join subjects on subjects.id = members.subject
    where members.until is null and subjects.last_asked_at is not null group by members.customer
  ) as asked
  where asked.customer = customers.id;
drop index question_asks_lately;  -- for who is in a pause

-- Who wants nothing to be known at a path: few, and looked for among all.
create index facts_objections on facts (path, subject) where until is null and kind <> 'said';

-- What an action asks for is asked of whoever comes, held out or not: it is compared with nothing.
alter table question_asks add column demanded boolean not null default false;
