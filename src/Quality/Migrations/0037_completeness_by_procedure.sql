-- What a quality registry is about may be what was done, and not only why.
alter table quality.completeness add column procedures text[] not null default '{}';
comment on column quality.completeness.procedures is
  'Beginnings of the procedures that contacts had to have; empty when any would do.';
