-- Which patients an identity message tells of is held against those that have activity (R3.07, ADR 192). Of messages that
-- came before this, it is not known: their years are compared when the next one comes.
create table register.period_patient (
  period_no bigint not null,
  batch_no bigint not null,
  page_no integer not null,
  is_whole boolean not null,
  extracted_on date not null,
  identifier_keys bigint[] not null,
  constraint period_patient_pk primary key (period_no, batch_no, page_no)
);
comment on table register.period_patient is
  'The patient numbers that the identity messages of a period tell of: the newest of the whole period, and changes since.';
comment on column register.period_patient.identifier_keys is
  'The vault''s keys of patient numbers within the reporting unit, those without a known person among them.';
