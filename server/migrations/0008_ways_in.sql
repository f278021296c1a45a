-- More ways in and second factors; what each keeps in `data` stands with the verbs of accounts that write it.
alter table authentication_methods drop constraint authentication_methods_type_check;
alter table authentication_methods add constraint authentication_methods_type_check
  check (type in ('password', 'passkey', 'totp', 'recovery_codes', 'phone', 'email'));
