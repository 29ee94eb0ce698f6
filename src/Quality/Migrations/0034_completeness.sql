-- Analyses of how complete quality registries and the register are, held against each other (R7.43).
create table quality.completeness (
  analysis_id uuid not null,
  registry text not null,
  register text not null,
  data_year integer not null,
  codes text[] not null,
  days_apart integer not null,
  made_by text not null,
  case_reference text not null,
  made_at timestamptz not null,
  constraint completeness_pk primary key (analysis_id),
  constraint completeness_register_ck check (register in ('NPR', 'KPR'))
);
comment on table quality.completeness is
  'Each analysis of a quality registry''s list against NPR or KPR. The newest of a registry and a year holds.';

create table quality.completeness_unit (
  analysis_id uuid not null,
  unit text not null,
  basis text not null,
  only_registry bigint not null,
  in_both bigint not null,
  only_register bigint not null,
  constraint completeness_unit_pk primary key (analysis_id, unit, basis),
  constraint completeness_unit_analysis_fk foreign key (analysis_id) references quality.completeness (analysis_id),
  constraint completeness_unit_basis_ck check (basis in ('persons', 'contacts'))
);
comment on table quality.completeness_unit is
  'What an analysis counted at each unit, in numbers only: who was in the list is not kept.';
