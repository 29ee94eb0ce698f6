-- What changes within a year told of last stands until the whole year has been told anew (R2.09, C20, ADR 189).
create table register.period_told (
  period_no bigint not null,
  batch_no bigint not null,
  record_table text not null,
  extracted_on date not null,
  record_keys uuid[] not null,
  constraint period_told_pk primary key (period_no, batch_no, record_table)
);
comment on table register.period_told is
  'Which records change messages have told of, unchanged and deleted ones among them, after the newest message of the '
  'whole period: what was extracted before leaves them as they are.';
comment on column register.period_told.extracted_on is 'When what was told was extracted.';

comment on column register.period.extracted_on is
  'The newest extraction merged, of the whole year or of changes. Where something older comes, period_told has what it '
  'must not touch.';
comment on column register.period.whole_extracted_on is
  'The newest extraction of the whole year; null until one has come. What is older is overtaken.';
