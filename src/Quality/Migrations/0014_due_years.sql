-- Checks of whole years are not held against every change, but now and then against the years that were touched.
create table quality.due_year (
  data_year integer not null,
  constraint due_year_pk primary key (data_year)
);
comment on table quality.due_year is 'Data years that have changed since checks of whole years were held against them.';
