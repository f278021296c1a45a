-- What a form lists stays in the order in which it was typed, which jsonb does not keep.
alter table rules alter column settings type json using settings::text::json;
alter table rule_versions alter column settings type json using settings::text::json;
