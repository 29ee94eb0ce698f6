create table intake.envelope (
  submission_id uuid not null,
  sender_her_id integer not null,
  sender_parent_her_id integer,
  receiver_her_id integer not null,
  receiver_parent_her_id integer,
  message_function text not null,
  function_name text,
  generated_at text not null,
  message_id text not null,
  wants_receipt boolean not null,
  constraint envelope_pk primary key (submission_id)
);
create index envelope_message_id_ix on intake.envelope (sender_her_id, message_id);
comment on table intake.envelope is
  'What the header (MsgHead) of a submission said: what its receipt must name. Times and ids as the sender wrote them.';

create table intake.receipt (
  receipt_id uuid not null,
  submission_id uuid not null,
  sender_her_id integer not null,
  receiver_her_id integer not null,
  body bytea not null,
  created_at timestamptz not null,
  due_at timestamptz not null,
  sent_at timestamptz,
  constraint receipt_pk primary key (receipt_id)
);
create index receipt_submission_ix on intake.receipt (submission_id);
create index receipt_unsent_ix on intake.receipt (due_at) where sent_at is null;
comment on table intake.receipt is
  'Receipts (AppRec) that answer submissions, written in the transaction that judged them, and sent afterwards. They '
  'hold codes and texts of findings, never a person identifier.';
comment on column intake.receipt.due_at is 'When it is to be sent; later when it could not be sent.';

create table intake.judgement (
  submission_id uuid not null,
  institution text,
  from_on date,
  to_on date,
  broken_rules jsonb,
  contacts_data_key_id uuid,
  contacts_nonce bytea,
  contacts bytea,
  identities_valid integer,
  identities_unknown integer,
  identities_duplicate integer,
  tally text,
  constraint judgement_pk primary key (submission_id),
  constraint judgement_contacts_ck check (
    (contacts is null) = (contacts_nonce is null) and (contacts is null) = (contacts_data_key_id is null)),
  constraint judgement_identities_ck check (
    (identities_valid is null) = (identities_unknown is null)
    and (identities_valid is null) = (identities_duplicate is null))
);
comment on table intake.judgement is
  'What XML messages said of themselves and held, in names and counts, as found when they were judged: for feedback. '
  'Contact persons are encrypted as payloads are. Removed when the payload would be.';

create table intake.sender_institution (
  institution text not null,
  unit text not null,
  constraint sender_institution_pk primary key (institution),
  constraint sender_institution_unit_fk foreign key (unit) references intake.sender (unit)
);
create index sender_institution_unit_ix on intake.sender_institution (unit);
comment on table intake.sender_institution is
  'Institution ids of XML messages that are no organisation number (RESH id, municipality, a number agreed with the '
  'register), and the unit that reports for each.';
