-- Checks of a unit's whole year are not held against every change, but some minutes after the first of many.
create table quality.due_unit (
  unit text not null,
  data_year integer not null,
  touched_at timestamptz not null,
  record_tables text[] not null,
  constraint due_unit_pk primary key (unit, data_year)
);
comment on table quality.due_unit is
  'Units'' years that have changed since checks of a unit''s year were held against them.';
comment on column quality.due_unit.touched_at is 'When the first change came that has not been checked.';
comment on column quality.due_unit.record_tables is
  'Where the changes were: checks that read nothing of it need not be run.';
