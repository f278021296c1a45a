-- Which attributes of customers a machine may read and write by the Management API, as lists of paths (those of staff's
-- roles); all of them, as at Auth0, unless the grant says less.
alter table client_grants add column reads text[] not null default '{*}';
alter table client_grants add column writes text[] not null default '{*}';
