-- Who wrote is told by the name that they had then: they may be called otherwise since, or be gone.
alter table notes add column author_name text;
alter table tags add column author_name text;
alter table follow_ups add column author_name text;

update notes set author_name = staff.name from staff
  where notes.author_kind = 'staff' and notes.author = staff.id::text;
update tags set author_name = staff.name from staff
  where tags.author_kind = 'staff' and tags.author = staff.id::text;
update follow_ups set author_name = staff.name from staff
  where follow_ups.author_kind = 'staff' and follow_ups.author = staff.id::text;

update notes set author_name = portals.name from portals
  where notes.author_kind = 'machine' and notes.author = portals.client_id;
update tags set author_name = portals.name from portals
  where tags.author_kind = 'machine' and tags.author = portals.client_id;
update follow_ups set author_name = portals.name from portals
  where follow_ups.author_kind = 'machine' and follow_ups.author = portals.client_id;

-- What is to be done, the longest due first.
create index follow_ups_due on follow_ups (due, id) where done_at is null;

-- Brands that are gone are in no list of brands any more.
update staff set brands = array(select b from unnest(brands) b where exists (select from brands where id = b))
  where brands is not null;
update staff_roles set brands = array(select b from unnest(brands) b where exists (select from brands where id = b))
  where brands is not null;
