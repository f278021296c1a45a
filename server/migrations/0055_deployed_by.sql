-- Who deployed a version, or brought it back; unknown of those before.
alter table action_versions
  add column deployed_by text,           -- client_id, or `staff|<id>`
  add column deployed_by_name text;      -- as they were called then
