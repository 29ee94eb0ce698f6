create schema if not exists quality;

create table quality.submission (
  submission_id uuid not null,
  unit text not null,
  unit_name text not null,
  institution text not null,
  vendor text not null,
  product text not null,
  product_version text not null,
  register text not null,
  message_type text not null,
  type_version text not null,
  period_from date,
  period_to date,
  extracted_on date,
  record_count integer not null,
  received_at timestamptz not null,
  finished_at timestamptz not null,
  outcome text not null,
  identities_valid integer,
  identities_unknown integer,
  identities_duplicate integer,
  identities_without_activity integer,
  activity_without_identity integer,
  constraint submission_pk primary key (submission_id),
  constraint submission_unit_ck check (unit ~ '^[0-9]{9}$'),
  constraint submission_register_ck check (register in ('kpr', 'npr')),
  constraint submission_outcome_ck check (outcome in ('refused', 'in_register', 'only_checked')),
  constraint submission_period_ck check (period_to >= period_from)
);
comment on table quality.submission is
  'How each submission ended, as senders are told and statistics count. Holds no personal data.';
create index submission_received_ix on quality.submission (received_at, submission_id);
create index submission_unit_ix on quality.submission (unit, received_at, submission_id);
create index submission_period_ix on quality.submission (message_type, period_to) where outcome = 'in_register';

create table quality.submission_rule (
  submission_id uuid not null,
  rule_id text not null,
  layer text not null,
  severity smallint not null,
  count integer not null,
  constraint submission_rule_pk primary key (submission_id, rule_id, layer),
  constraint submission_rule_submission_fk foreign key (submission_id)
    references quality.submission (submission_id) on delete cascade,
  constraint submission_rule_layer_ck check (layer in ('structure', 'content')),
  constraint submission_rule_count_ck check (count > 0)
);
comment on table quality.submission_rule is 'How often each rule was broken in a submission.';

create table quality.contact (
  contact_id uuid not null,
  unit text not null,
  contact_type integer not null,
  sealed bytea not null,
  received_at timestamptz not null,
  constraint contact_pk primary key (contact_id)
);
comment on table quality.contact is
  'Contact persons of each unit, from its newest file: name, e-mail and mobile, encrypted. Staff data.';
create index contact_unit_ix on quality.contact (unit);

create table quality.feedback (
  feedback_id uuid not null,
  submission_id uuid not null,
  unit text not null,
  kind text not null,
  sector text not null,
  file_name text not null,
  content_type text not null,
  bytes integer not null,
  sealed bytea,
  created_at timestamptz not null,
  constraint feedback_pk primary key (feedback_id),
  constraint feedback_once_uq unique (submission_id, kind, sector),
  constraint feedback_submission_fk foreign key (submission_id) references quality.submission (submission_id),
  constraint feedback_kind_ck check (kind in ('identity', 'activity', 'npr_val', 'npr_err'))
);
alter table quality.feedback alter column sealed set storage external;
comment on table quality.feedback is
  'One document to a sender. The document is encrypted, and removed when its time is over; its history stays.';
create index feedback_unit_ix on quality.feedback (unit, created_at);

create table quality.password (
  password_id uuid not null,
  contact_key bytea not null,
  month date not null,
  sealed bytea,
  created_at timestamptz not null,
  constraint password_pk primary key (password_id),
  constraint password_month_uq unique (contact_key, month),
  constraint password_month_ck check (extract(day from month) = 1)
);
comment on table quality.password is
  'The password of one contact in one calendar month, encrypted. The contact is a keyed hash of unit and mobile.';

create table quality.outbox (
  outbox_id uuid not null,
  channel text not null,
  unit text not null,
  feedback_id uuid,
  password_id uuid,
  contact_type integer,
  sealed bytea,
  state text not null,
  reason text,
  attempts integer not null,
  next_attempt_at timestamptz not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  constraint outbox_pk primary key (outbox_id),
  constraint outbox_feedback_fk foreign key (feedback_id) references quality.feedback (feedback_id),
  constraint outbox_password_fk foreign key (password_id) references quality.password (password_id),
  constraint outbox_channel_ck check (channel in ('mail', 'sms')),
  constraint outbox_mail_ck check ((channel = 'mail') = (feedback_id is not null)),
  constraint outbox_state_ck check (state in ('waiting', 'sent', 'failed', 'undeliverable')),
  constraint outbox_address_ck check (state <> 'waiting' or (sealed is not null and password_id is not null))
);
comment on table quality.outbox is
  'What is to be sent and was sent: reports by mail, passwords by SMS. The address is encrypted, and gone once sent.';
create index outbox_waiting_ix on quality.outbox (next_attempt_at) where state = 'waiting';
create index outbox_feedback_ix on quality.outbox (feedback_id) where feedback_id is not null;
create index outbox_password_ix on quality.outbox (password_id);
create index outbox_changed_ix on quality.outbox (changed_at);

create table quality.feedback_event (
  event_id uuid not null,
  feedback_id uuid not null,
  kind text not null,
  detail text,
  actor text,
  occurred_at timestamptz not null,
  constraint feedback_event_pk primary key (event_id),
  constraint feedback_event_feedback_fk foreign key (feedback_id) references quality.feedback (feedback_id),
  constraint feedback_event_kind_ck check (kind in ('created', 'undeliverable', 'sent', 'failed', 'opened'))
);
comment on table quality.feedback_event is 'The history of each feedback. Rows are only added.';
create index feedback_event_feedback_ix on quality.feedback_event (feedback_id);

create table quality.letter (
  letter_id uuid not null,
  channel text not null,
  sealed bytea not null,
  sent_at timestamptz not null,
  constraint letter_pk primary key (letter_id),
  constraint letter_channel_ck check (channel in ('mail', 'sms'))
);
comment on table quality.letter is
  'Mails and SMS that went nowhere: where no gateway is set up, they end here, encrypted, for staff to read.';

create table quality.follower (
  name text not null,
  position text not null,
  constraint follower_pk primary key (name)
);
comment on table quality.follower is 'How far each source of cases has been read.';
