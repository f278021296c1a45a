-- The Management API is called by the server's address. When that changes, what machines were granted goes along.
alter table client_grants drop constraint client_grants_audience_fkey;
alter table client_grants add constraint client_grants_audience_fkey
  foreign key (audience) references resource_servers (identifier) on delete cascade on update cascade;
