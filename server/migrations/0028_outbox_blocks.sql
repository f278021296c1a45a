-- What staff look after: mails that were written, who is blocked, what happened lately.

-- Codes and links in a mail, until it has left or failed: whoever reads the outbox is not shown them. `held_secrets`
-- stays, so that a mail without its code is never sent again.
alter table outbox add column secrets text[] not null default '{}';
alter table outbox add column held_secrets boolean not null default false;
-- Why the umbrella's own template was not used for it.
alter table outbox add column template_error text;
update outbox set held_secrets = true where body_text like '%••••••%' or status in ('queued', 'kept');
create index outbox_kind on outbox (kind, created_at desc, id desc);
create index outbox_open on outbox (status, created_at desc, id desc) where status in ('queued', 'failed');

-- Everybody who is blocked now.
create index attempts_blocked on attempts (blocked_until desc, scope desc, key desc) where blocked_until is not null;

-- What happened since an instant, whoever's it is: rows come in the order of time, so the ends of each range will do.
create index timeline_received on timeline using brin (received_at) with (pages_per_range = 32, autosummarize = on);
