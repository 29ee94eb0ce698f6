-- Persons whom nobody should count before register staff have decided (R7.24).
create table quality.held_out (
  person_key bigint not null,
  data_year integer not null,
  constraint held_out_pk primary key (person_key, data_year)
);
comment on table quality.held_out is
  'The persons, and the data years, that figures are counted without: a check that holds out has found them, and no one '
  'has accepted it.';
