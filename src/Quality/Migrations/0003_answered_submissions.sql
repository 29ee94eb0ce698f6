-- JSON messages are answered at once and get no reports: they count, and are not listed among those that do.
alter table quality.submission add column gets_reports boolean not null default true;
alter table quality.submission alter column gets_reports drop default;
comment on column quality.submission.gets_reports is
  'False when the answer to the message told everything: it counts in statistics, and is removed after some time.';
create index submission_reported_ix on quality.submission (received_at, submission_id) where gets_reports;
create index submission_reported_unit_ix on quality.submission (unit, received_at, submission_id) where gets_reports;
