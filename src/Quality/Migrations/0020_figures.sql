-- What reporting units get back of their own (R3.16, R8.01): counts per unit, part, data year and category.
create table quality.figure (
  figure_id text not null,
  digest text not null,
  counted_at timestamptz not null,
  constraint figure_pk primary key (figure_id)
);
comment on table quality.figure is
  'The figures that have been counted of the whole register, and by which definition: another one is counted anew.';

create table quality.figure_count (
  figure_id text not null,
  unit text not null,
  municipality text,
  data_year integer not null,
  part text not null,
  category text not null,
  persons bigint not null,
  basis bigint not null,
  amount numeric not null,
  constraint figure_count_pk primary key (unit, data_year, figure_id, part, category),
  constraint figure_count_persons_ck check (persons >= 0 and basis >= 0)
);
comment on table quality.figure_count is
  'Persons by category, as they stand now. No person is told of, but cells are small: what is shown is decided by who '
  'looks.';
comment on column quality.figure_count.unit is 'The reporting unit as it names itself in its messages.';
comment on column quality.figure_count.part is 'Organisation number or urban district; empty for the whole unit.';
comment on column quality.figure_count.category is 'Empty for all categories together.';
create index figure_count_year_ix on quality.figure_count (data_year, figure_id) where part = '';
