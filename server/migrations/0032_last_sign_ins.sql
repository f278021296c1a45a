-- Who signed in last, for lists in that order. Here and not on customers: their rows are wide and in many indexes, and
-- stay on their page at a sign-in as long as no index names what it changes (see docs/decisions/0014).
create index subjects_last_sign_in on subjects (last_sign_in) where last_sign_in is not null;
