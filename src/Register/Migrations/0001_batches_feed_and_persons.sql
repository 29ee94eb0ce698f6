-- What every record table shares. The record tables themselves are made from the definitions (RegisterTables).
-- All tables here are small or append-only and live on the coordinator, apart from register.change, which is
-- distributed by person_key like the records (docs/scale.md).
create schema if not exists register;

create table register.batch_counter (
  batch_counter_id smallint not null,
  batch_no bigint not null,
  batched_at timestamptz not null,
  person_change_no bigint not null,
  constraint batch_counter_pk primary key (batch_counter_id),
  constraint batch_counter_one_row check (batch_counter_id = 1)
);
comment on table register.batch_counter is
  'One row. Its lock is held from the first write of a batch to commit, so that batches become visible '
  'in the order of their numbers.';
comment on column register.batch_counter.batch_no is 'The newest batch.';
comment on column register.batch_counter.batched_at is
  'Time of the newest batch. Never goes back, even when a clock does.';
comment on column register.batch_counter.person_change_no is
  'The vault''s newest person change that the register has applied: every record stands at the person '
  'its identifier had then.';

insert into register.batch_counter (batch_counter_id, batch_no, batched_at, person_change_no)
values (1, 0, '-infinity', 0);

create table register.batch (
  batch_no bigint not null,
  batched_at timestamptz not null,
  submission_id uuid,
  sender text,
  message_type text,
  message_version text,
  extracted_on date,
  inserted integer not null,
  updated integer not null,
  unchanged integer not null,
  deleted integer not null,
  changes integer not null,
  constraint batch_pk primary key (batch_no),
  constraint batch_submission_uq unique (submission_id),
  constraint batch_counts_not_negative check (
    inserted >= 0 and updated >= 0 and unchanged >= 0 and deleted >= 0 and changes >= 0)
);
comment on table register.batch is
  'What happened to the register, step by step: one row per merged submission, and one per page of '
  'person changes followed.';
comment on column register.batch.submission_id is
  'The submission that was merged; null when the batch followed person changes.';
comment on column register.batch.updated is 'Records that got a new version, those that changed person among them.';
comment on column register.batch.changes is 'Rows of register.change in this batch.';

create table register.change (
  batch_no bigint not null,
  record_table text not null,
  record_key uuid not null,
  person_key bigint not null,
  former_person_key bigint,
  kind text not null,
  constraint change_kind_known check (kind in ('insert', 'update', 'delete', 'move')),
  constraint change_move_has_former check ((kind = 'move') = (former_person_key is not null))
);
comment on table register.change is
  'The change feed: each record that changed in each batch. Read through register.feed_consumer, in order of batch_no.';
comment on column register.change.former_person_key is 'For a move: the person the record stood at before.';
create index change_batch_ix on register.change (batch_no);

create table register.feed_consumer (
  consumer text not null,
  batch_no bigint not null,
  moved_at timestamptz not null,
  constraint feed_consumer_pk primary key (consumer)
);
comment on table register.feed_consumer is
  'How far each consumer of the change feed has come. The row is moved in the transaction of the '
  'consumer''s own effect.';

create table register.person_move (
  identifier_key bigint not null,
  person_key bigint not null,
  change_no bigint not null,
  constraint person_move_pk primary key (identifier_key)
);
comment on table register.person_move is
  'The identifiers that have changed person in the vault, with the person they stand for now. A merge '
  'whose persons were resolved before a change maps its rows through this table.';

create table register.record_table (
  record_table text not null,
  register text not null,
  title text not null,
  message_types text[] not null,
  constraint record_table_pk primary key (record_table)
);
comment on table register.record_table is
  'The record tables made from definitions, and the message types that fill them.';
