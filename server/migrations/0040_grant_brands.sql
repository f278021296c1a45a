-- The brands whose customers a machine may see and change by the Management API; all of them unless the grant names some.
alter table client_grants add column brands uuid[];
