-- What actions print is kept beside what rules print, and how they did is counted with it. At some triggers there is no
-- customer (yet).
alter table rule_lines add column kind text not null default 'rule' check (kind in ('rule', 'action'));
alter table rule_lines drop constraint rule_lines_pkey;
alter table rule_lines alter column customer drop not null;
create unique index rule_lines_customer on rule_lines (customer, number);

-- A rule or action that refuses a sign-in has done its work: that is no error.
alter table rule_minutes add column refusals integer not null default 0;
