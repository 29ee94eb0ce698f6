-- Messages that hold a whole year replace it: what they do not hold is gone (R2.09, ADR 80).
create table register.period (
  period_no bigint not null,
  sender text not null,
  message_type text not null,
  data_year smallint not null,
  submission_id uuid not null,
  extracted_on date not null,
  whole_extracted_on date,
  batch_no bigint not null,
  constraint period_pk primary key (period_no),
  constraint period_uq unique (sender, message_type, data_year),
  constraint period_no_positive check (period_no > 0),
  constraint period_year_known check (data_year between 1980 and 2099)
);
comment on table register.period is
  'A sender''s year of one message type: what a file of the whole year replaces. Locators carry its number.';
comment on column register.period.submission_id is 'The submission the year was last changed by.';
comment on column register.period.extracted_on is
  'The newest extraction merged, of the whole year or of changes. An older file of the whole year is overtaken.';
comment on column register.period.whole_extracted_on is
  'The newest extraction of the whole year; null until one has come. An older change message is overtaken.';

alter table register.batch
  add column data_year smallint,
  add column is_overtaken boolean not null default false;
comment on column register.batch.data_year is 'The year a message of a whole year, or of changes in it, is about.';
comment on column register.batch.is_overtaken is
  'A newer extraction of the same year had come before: the submission changed nothing.';
