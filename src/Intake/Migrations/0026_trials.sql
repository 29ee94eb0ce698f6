create table intake.trial (
  trial_id uuid not null,
  correlation_id uuid not null,
  tried_at timestamptz not null,
  client_id text not null,
  unit text,
  vendor text,
  vendor_name text,
  software_name text,
  software_version text,
  message_type text not null,
  type_version text not null,
  is_accepted boolean not null,
  error_code integer,
  record_count integer not null,
  finding_count integer not null,
  broken_rules jsonb not null,
  constraint trial_pk primary key (trial_id),
  constraint trial_accepted_ck check (is_accepted = (error_code is null))
);
create index trial_vendor_ix on intake.trial (vendor, trial_id);
create index trial_unit_ix on intake.trial (unit, trial_id);
comment on table intake.trial is
  'What the validation service was asked and how it answered: who, which type, which rules were broken how often. '
  'Nothing of the messages is kept.';
