-- Whom staff contact, and why: what they have done about it. Who is to be contacted follows from what stands.
create table quality.follow_up_event (
  event_no bigint generated always as identity,
  unit text not null,
  reason text not null,
  kind text not null,
  note text,
  actor_id text not null,
  actor_name text not null,
  occurred_at timestamptz not null,
  constraint follow_up_event_pk primary key (event_no),
  constraint follow_up_event_unit_ck check (unit ~ '^[0-9]{9}$'),
  constraint follow_up_event_reason_ck check (
    reason in ('late', 'silent', 'invalidRows', 'unexplained', 'unsigned')),
  constraint follow_up_event_kind_ck check (kind in ('taken', 'released', 'noted', 'done', 'undone')),
  constraint follow_up_event_note_ck check (length(note) between 1 and 500),
  constraint follow_up_event_noted_ck check (kind <> 'noted' or note is not null)
);
comment on table quality.follow_up_event is
  'What staff have done about a unit they follow up for a reason: who took it, what was said, when it was done. Rows '
  'are only added.';
create index follow_up_event_unit_ix on quality.follow_up_event (unit, reason, event_no);
