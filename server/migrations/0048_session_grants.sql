-- The newest grant of a session, however many a portal that signs in silently was given in it.
drop index grants_session;
create index grants_session on grants (session_uid, customer, created_at desc) where session_uid is not null;
