-- The receipt of what was handed in as a file lies beside the file. It goes to no party of the bus.
alter table intake.receipt
  alter column sender_her_id drop not null,
  alter column receiver_her_id drop not null,
  alter column due_at drop not null,
  add constraint receipt_bus_ck check (
    (due_at is null) = (sender_her_id is null) and (due_at is null) = (receiver_her_id is null));
comment on column intake.receipt.due_at is
  'When it is to be sent; later when it could not be sent. Null when it goes beside a file.';

create table intake.handed_in (
  claim uuid not null,
  part integer not null,
  submission_id uuid not null,
  handed_in_at timestamptz not null,
  answered_at timestamptz,
  constraint handed_in_pk primary key (claim, part)
);
create index handed_in_unanswered_ix on intake.handed_in (handed_in_at) where answered_at is null;
comment on table intake.handed_in is
  'Which files of the watched folder submissions came as, so that their receipts can be laid beside them.';
comment on column intake.handed_in.claim is
  'What the file''s name begins with in the folder. Names themselves are not kept: they may hold anything.';
comment on column intake.handed_in.part is '0 for a file, and 1, 2 … for those in an archive.';
