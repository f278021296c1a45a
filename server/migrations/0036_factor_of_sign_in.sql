-- Which kind of second factor a sign-in has passed: an app's code, a phone, a mailbox, a recovery code. Code may ask for
-- one of these kinds, and another one does not do.
alter table sign_ins add column factor text check (factor in ('totp', 'phone', 'email', 'recovery_codes'));
