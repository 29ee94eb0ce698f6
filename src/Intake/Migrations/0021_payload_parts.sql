-- A payload may be as large as a file. A message that was read in memory stands whole in one row (form 0); a streamed
-- one is compressed and encrypted in parts (form 1), and its last part says so (form 2).
alter table intake.payload
  add column part integer not null default 0,
  add column form smallint not null default 0;
alter table intake.payload alter column part drop default, alter column form drop default;
alter table intake.payload drop constraint payload_pk;
alter table intake.payload
  add constraint payload_pk primary key (submission_id, part),
  add constraint payload_form_ck check (form in (0, 1, 2) and (form <> 0 or part = 0) and part >= 0);
comment on table intake.payload is
  'The message as it was sent, encrypted, whole or in parts; the submission id, and of a part its number and whether '
  'it is the last, are bound in as associated data. Removed some days after merge.';

alter table intake.submission alter column payload_bytes type bigint;
alter table intake.waiting alter column payload_bytes type bigint;

-- What was received and not yet judged stands in its queue, and holds back what came after it. A queue of messages that
-- are read as streams has no others.
alter table intake.waiting
  add column is_streamed boolean not null default false,
  add column is_judged boolean not null default true;
alter table intake.waiting alter column is_streamed drop default, alter column is_judged drop default;
alter table intake.waiting add constraint waiting_judged_ck check (is_judged or is_streamed);
create index waiting_streamed_ix on intake.waiting (lane_id, lane_sequence) where is_streamed;
create index waiting_unjudged_ix on intake.waiting (submission_id) where not is_judged;

-- A submission that was rejected after it was received keeps its place in the queue, but is nobody's repeat.
drop index intake.submission_same_bytes_ux;
create unique index submission_same_bytes_ux on intake.submission (lane_id, extracted_on, payload_hash, type_version)
  where lane_id is not null and error_code is null;
