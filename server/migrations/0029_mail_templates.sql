-- Mails in the umbrella's own words: what replaces one of ours at one brand, in one language.
create table mail_templates (
  id uuid primary key,
  brand uuid not null references brands (id) on delete cascade,
  kind text not null,
  language text not null,
  subject_line text not null,        -- Liquid, as the bodies
  html text not null,
  text text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (brand, kind, language)
);
create index mail_templates_created on mail_templates (created_at, id);
