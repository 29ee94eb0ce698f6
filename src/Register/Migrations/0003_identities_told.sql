-- What identity messages told of whom patient numbers are (R2.08, R3.07, ADR 81).
create table register.identity_told (
  submission_id uuid not null,
  sender text not null,
  message_type text not null,
  data_year smallint not null,
  extracted_on date not null,
  told integer not null,
  linked integer not null,
  corrected integer not null,
  overtaken integer not null,
  without_number integer not null,
  constraint identity_told_pk primary key (submission_id, sender),
  constraint identity_told_counts_not_negative check (
    told >= 0 and linked >= 0 and corrected >= 0 and overtaken >= 0 and without_number >= 0)
);
comment on table register.identity_told is
  'What came of each institution''s part of an identity message. Counts only: who is who stands in the vault.';
comment on column register.identity_told.linked is 'Patient numbers that had no known person and have one now.';
comment on column register.identity_told.corrected is 'Patient numbers that stood for another person.';
comment on column register.identity_told.overtaken is
  'Patient numbers that a newer message has given to another person; they keep that person.';
comment on column register.identity_told.without_number is
  'Patient numbers it tells no number for that a person can be known by.';
create index identity_told_sender_ix on register.identity_told (sender, data_year);

-- Data that do not meet the requirements are left out of statistics, and the tables say so (R3.05).
create table register.exclusion (
  exclusion_id uuid not null,
  sender text not null,
  data_year smallint not null,
  message_type text,
  rule text not null,
  reason text not null,
  excluded_at timestamptz not null,
  excluded_by text not null,
  lifted_at timestamptz,
  lifted_by text,
  lifted_reason text,
  constraint exclusion_pk primary key (exclusion_id),
  constraint exclusion_year_known check (data_year between 1980 and 2099),
  constraint exclusion_has_reason check (length(trim(rule)) > 0 and length(trim(reason)) > 0),
  constraint exclusion_lifted_whole check (
    (lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lifted_reason is null))
);
comment on table register.exclusion is
  'A reporting unit''s year that is left out of statistics, with rule and reason. Marks are lifted, never deleted.';
comment on column register.exclusion.message_type is 'Null: everything the unit has reported of the year.';
create unique index exclusion_in_force_uq on register.exclusion (sender, data_year, coalesce(message_type, ''))
  where lifted_at is null;
