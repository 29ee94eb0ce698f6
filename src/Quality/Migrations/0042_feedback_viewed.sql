-- Staff who look at a report are not the sender who opens it.
alter table quality.feedback_event drop constraint feedback_event_kind_ck;
alter table quality.feedback_event add constraint feedback_event_kind_ck
  check (kind in ('created', 'undeliverable', 'sent', 'failed', 'opened', 'viewed'));
