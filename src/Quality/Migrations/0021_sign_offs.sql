-- Units check and sign what they have reported of a year (R15.12).
create table quality.sign_off (
  sign_off_no bigint generated always as identity,
  unit text not null,
  data_year integer not null,
  kind text not null,
  said text,
  submissions uuid[] not null,
  figures jsonb not null,
  signed_by text not null,
  signed_name text not null,
  signed_at timestamptz not null,
  constraint sign_off_pk primary key (sign_off_no),
  constraint sign_off_unit_ck check (unit ~ '^[0-9]{9}$'),
  constraint sign_off_kind_ck check (kind in ('signed', 'withdrawn'))
);
comment on table quality.sign_off is
  'What units have signed, and withdrawn, of each data year: the newest holds. Rows are only added.';
comment on column quality.sign_off.submissions is 'The submissions of the year that were in the register then.';
comment on column quality.sign_off.figures is
  'The figures of the whole unit as they stood then: figure, category, counts.';
create index sign_off_unit_ix on quality.sign_off (unit, data_year, sign_off_no);
