-- What those who use a unit's year are to know of it, and years that are counted as the year before (F59, R7.07).
create table quality.caveat (
  caveat_id uuid not null,
  unit text not null,
  data_year integer not null,
  kind text not null,
  reason text not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  undone_reason text,
  undone_by text,
  undone_at timestamptz,
  constraint caveat_pk primary key (caveat_id),
  constraint caveat_unit_ck check (unit ~ '^[0-9]{4,9}$'),
  constraint caveat_data_year_ck check (data_year between 1980 and 2099),
  constraint caveat_kind_ck check (kind in ('noted', 'imputed')),
  constraint caveat_reason_ck check (length(reason) between 1 and 500 and length(undone_reason) between 1 and 500),
  constraint caveat_undone_ck check (
    (undone_at is null) = (undone_by is null) and (undone_at is null) = (undone_reason is null))
);
comment on table quality.caveat is
  'What staff have written of a unit''s data year: something to know (noted), or that figures use the year before for as '
  'long as nothing has come (imputed). What is undone stays, with who undid it and why.';
create unique index caveat_imputed_ux on quality.caveat (unit, data_year)
  where kind = 'imputed' and undone_at is null;
create index caveat_data_year_ix on quality.caveat (data_year, unit) where undone_at is null;
