-- Which brand a customer was made for by whoever made it, until a visit tells more: so those whose brand it is see it.
create table made_for (
  subject uuid not null,
  brand uuid not null,
  primary key (subject, brand)
);
