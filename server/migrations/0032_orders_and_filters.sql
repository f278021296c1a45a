-- Who signed in last, for lists in that order. Here and not on customers: their rows are wide and in many indexes, and
-- stay on their page at a sign-in as long as no index names what it changes (see docs/decisions/0014).
create index subjects_last_sign_in on subjects (last_sign_in) where last_sign_in is not null;

-- What was changed or refused is sought among the many rows that only tell of reading. Of reads a list finds some at once.
create index audit_act on audit (act, at desc, id desc) where act <> 'read';

-- Whoever has a tag, among any number who have none.
create index tags_tag on tags (tag, subject);
