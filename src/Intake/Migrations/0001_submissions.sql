create schema if not exists intake;

create table intake.data_key (
  data_key_id uuid not null,
  key_encryption_key_id text not null,
  wrapped bytea not null,
  created_at timestamptz not null,
  constraint data_key_pk primary key (data_key_id)
);
comment on table intake.data_key is
  'Keys that encrypt payloads (AES-256-GCM), themselves encrypted by a key that never leaves the key store.';

create table intake.lane (
  lane_id uuid not null,
  unit text not null,
  message_type text not null,
  created_at timestamptz not null,
  constraint lane_pk primary key (lane_id),
  constraint lane_unit_type_uq unique (unit, message_type)
);
comment on table intake.lane is
  'One queue per reporting unit and message type: first in, first out. A worker locks the row while it merges from it.';

create table intake.lane_counter (
  lane_id uuid not null,
  last_sequence bigint not null,
  constraint lane_counter_pk primary key (lane_id),
  constraint lane_counter_lane_fk foreign key (lane_id) references intake.lane (lane_id),
  constraint lane_counter_last_sequence_ck check (last_sequence >= 0)
) with (fillfactor = 50);
comment on table intake.lane_counter is
  'The newest sequence number of each lane. Apart from the lane, so that taking in never waits for a merge.';

create table intake.submission (
  submission_id uuid not null,
  state text not null,
  channel text not null,
  correlation_id uuid not null,
  unit text,
  sub_unit text,
  vendor text,
  client_id text,
  vendor_name text,
  software_name text,
  software_version text,
  export_version text,
  message_type text not null,
  type_version text not null,
  extracted_on date,
  received_at timestamptz not null,
  changed_at timestamptz not null,
  record_count integer not null,
  payload_bytes integer not null,
  payload_hash bytea,
  error_code integer,
  finding_count integer not null,
  findings jsonb,
  timings jsonb,
  lane_id uuid,
  lane_sequence bigint,
  merged_at timestamptz,
  batch_no bigint,
  rows_inserted integer,
  rows_updated integer,
  rows_unchanged integer,
  rows_deleted integer,
  constraint submission_pk primary key (submission_id),
  constraint submission_state_ck check (state in ('received', 'rejected', 'accepted', 'merged', 'set_aside')),
  constraint submission_rejected_ck check ((state = 'rejected') = (error_code is not null)),
  constraint submission_lane_ck check (
    (lane_id is null) = (lane_sequence is null)
    and (state in ('received', 'rejected') or (lane_id is not null and payload_hash is not null and unit is not null))),
  constraint submission_merged_ck check ((state = 'merged') = (merged_at is not null)),
  constraint submission_payload_hash_ck check (octet_length(payload_hash) = 32)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
comment on table intake.submission is
  'One row per message that came in from a known sender, accepted or not, with how it went. Holds no personal data.';
comment on column intake.submission.findings is
  'What was found wrong: rule, severity, path, text. The first ones only; finding_count tells how many there were.';
comment on column intake.submission.timings is 'Microseconds per step of the way in.';

-- The state and the times of a submission change; no btree may hold them, so that the change stays on its page (HOT).
create index submission_received_ix on intake.submission (received_at, submission_id);
create index submission_unit_ix on intake.submission (unit, received_at, submission_id);
create index submission_rejected_ix on intake.submission (received_at, submission_id) where error_code is not null;
create index submission_correlation_ix on intake.submission (correlation_id);
create index submission_changed_ix on intake.submission
  using brin (changed_at) with (pages_per_range = 16, autosummarize = on);
create unique index submission_lane_ux on intake.submission (lane_id, lane_sequence) where lane_id is not null;
create unique index submission_same_bytes_ux on intake.submission (lane_id, extracted_on, payload_hash, type_version)
  where lane_id is not null;

create table intake.payload (
  submission_id uuid not null,
  data_key_id uuid not null,
  nonce bytea not null,
  ciphertext bytea not null,
  constraint payload_pk primary key (submission_id),
  constraint payload_nonce_ck check (octet_length(nonce) = 12)
);
-- Ciphertext does not compress; trying would only cost time.
alter table intake.payload alter column ciphertext set storage external;
comment on table intake.payload is
  'The message as it was sent, encrypted; the submission id is bound in as associated data. Removed some days after merge.';

create table intake.waiting (
  lane_id uuid not null,
  lane_sequence bigint not null,
  submission_id uuid not null,
  payload_bytes integer not null,
  constraint waiting_pk primary key (lane_id, lane_sequence)
) with (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000,
  autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 100000);
comment on table intake.waiting is
  'Accepted submissions that are not yet in the register. The row is deleted in the transaction that merges it.';

create table intake.repetition (
  repetition_id uuid not null,
  submission_id uuid not null,
  correlation_id uuid not null,
  received_at timestamptz not null,
  constraint repetition_pk primary key (repetition_id)
);
create index repetition_submission_ix on intake.repetition (submission_id);
comment on table intake.repetition is
  'Each time the same bytes came again for the same day of extraction. Nothing else was changed by it.';

create table intake.set_aside (
  set_aside_id uuid not null,
  submission_id uuid not null,
  lane_id uuid not null,
  lane_sequence bigint not null,
  cause_type text not null,
  cause_code text not null,
  set_aside_at timestamptz not null,
  replayed_at timestamptz,
  replayed_by text,
  constraint set_aside_pk primary key (set_aside_id),
  constraint set_aside_submission_fk foreign key (submission_id) references intake.submission (submission_id),
  constraint set_aside_replayed_ck check ((replayed_at is null) = (replayed_by is null))
);
create unique index set_aside_open_ux on intake.set_aside (submission_id) where replayed_at is null;
create index set_aside_submission_ix on intake.set_aside (submission_id);
comment on table intake.set_aside is
  'A submission that failed for a reason of ours: kind of fault and stable code, never its message text.';

create table intake.used_proof (
  proof_hash bytea not null,
  expires_at timestamptz not null,
  constraint used_proof_pk primary key (proof_hash),
  constraint used_proof_hash_ck check (octet_length(proof_hash) = 32)
) with (autovacuum_vacuum_scale_factor = 0.05);
create index used_proof_expires_ix on intake.used_proof
  using brin (expires_at) with (pages_per_range = 16, autosummarize = on);
comment on table intake.used_proof is
  'SHA-256 of key thumbprint and id of each DPoP proof already used; kept until the proof has expired anyway.';
