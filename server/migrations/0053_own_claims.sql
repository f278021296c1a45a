-- What rules and actions added to the ID token when tokens were last issued under a grant: `/userinfo` tells it, too.
alter table grants add column own_claims jsonb;
