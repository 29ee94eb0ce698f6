-- Checks of what the register holds: what was measured, and the findings that follow from limits (R7.03, R7.05).
create table quality.checked (
  check_id text not null,
  digest text not null,
  checked_at timestamptz not null,
  constraint checked_pk primary key (check_id)
);
comment on table quality.checked is
  'The checks that have been held against the whole register, and by which definition: another one is run anew.';

create table quality.check_limit (
  limit_no bigint generated always as identity,
  check_id text not null,
  name text not null,
  value numeric not null,
  reason text not null,
  set_by text not null,
  set_at timestamptz not null,
  constraint check_limit_pk primary key (limit_no)
);
create index check_limit_check_ix on quality.check_limit (check_id, name, limit_no);
comment on table quality.check_limit is
  'Limits that staff have set instead of those of the definitions. The newest holds; the others are its history.';

create table quality.measurement (
  check_id text not null,
  subject text not null,
  person_key bigint,
  unit text not null,
  data_year integer not null,
  record_key uuid,
  local_id text,
  measured numeric,
  basis numeric,
  detail text,
  constraint measurement_pk primary key (check_id, subject)
);
comment on table quality.measurement is
  'What each check measured, wide enough that its limits can be moved without measuring again.';
comment on column quality.measurement.unit is 'The reporting unit as it names itself in its messages.';
comment on column quality.measurement.basis is 'What the measured value is held against: last year''s, for one.';
create index measurement_person_ix on quality.measurement (person_key) where person_key is not null;
create index measurement_unit_ix on quality.measurement (unit, data_year);

create table quality.finding (
  finding_id uuid not null,
  check_id text not null,
  subject text not null,
  person_key bigint,
  unit text not null,
  data_year integer not null,
  record_key uuid,
  local_id text,
  measured numeric,
  basis numeric,
  detail text,
  state text not null,
  is_shadow boolean not null,
  cause text,
  answer text,
  opened_at timestamptz not null,
  changed_at timestamptz not null,
  closed_at timestamptz,
  constraint finding_pk primary key (finding_id),
  constraint finding_state_ck check (state in ('open', 'seen', 'explained', 'accepted', 'corrected', 'withdrawn')),
  constraint finding_closed_ck check ((closed_at is not null) = (state in ('corrected', 'withdrawn'))),
  constraint finding_cause_ck check (
    cause in ('technical', 'cleanUp', 'changedService', 'wrongCoupling', 'realChange', 'other'))
);
comment on table quality.finding is
  'What a check found, and its life: open, seen, explained or accepted; closed by data (corrected) or because the check '
  'or its limit changed (withdrawn).';
create unique index finding_standing_uq on quality.finding (check_id, subject) where closed_at is null;
create index finding_unit_ix on quality.finding (unit, opened_at);
create index finding_person_ix on quality.finding (person_key) where closed_at is null;

create index submission_institution_ix on quality.submission (institution, received_at);

create table quality.finding_event (
  event_no bigint generated always as identity,
  finding_id uuid not null,
  kind text not null,
  detail text,
  actor text,
  occurred_at timestamptz not null,
  constraint finding_event_pk primary key (event_no),
  constraint finding_event_finding_fk foreign key (finding_id) references quality.finding (finding_id),
  constraint finding_event_kind_ck check (
    kind in ('opened', 'changed', 'seen', 'explained', 'accepted', 'reopened', 'corrected', 'withdrawn'))
);
comment on table quality.finding_event is 'The history of each finding. Rows are only added.';
create index finding_event_finding_ix on quality.finding_event (finding_id);
