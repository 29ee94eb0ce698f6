-- What a sender has asked to get back every month, and what lies ready for it (R8.01).
create table quality.standing_return (
  standing_return_id uuid not null,
  unit text not null,
  register text not null,
  area text not null,
  from_year integer,
  email bytea,
  ordered_by text not null,
  ordered_at timestamptz not null,
  due_on date not null,
  attempt_at timestamptz not null,
  withdrawn_by text,
  withdrawn_at timestamptz,
  constraint standing_return_pk primary key (standing_return_id),
  constraint standing_return_unit_ck check (unit ~ '^[0-9]{9}$'),
  constraint standing_return_register_ck check (register in ('kpr', 'npr')),
  constraint standing_return_from_year_ck check (from_year between 1980 and 2099),
  constraint standing_return_withdrawn_ck check ((withdrawn_at is null) = (withdrawn_by is null)),
  constraint standing_return_email_ck check ((withdrawn_at is null) = (email is not null))
);
comment on table quality.standing_return is
  'What a sender gets back of an area every month. The address that is told is encrypted, and gone once it is withdrawn.';
create unique index standing_return_area_ux on quality.standing_return (unit, register, area)
  where withdrawn_at is null;
create index standing_return_due_ix on quality.standing_return (due_on, attempt_at) where withdrawn_at is null;

create table quality.return_package (
  package_id uuid not null,
  standing_return_id uuid not null,
  unit text not null,
  records bigint not null,
  bytes bigint not null,
  parts integer not null,
  made_at timestamptz not null,
  fetched_at timestamptz,
  removed_at timestamptz,
  constraint return_package_pk primary key (package_id),
  constraint return_package_standing_fk foreign key (standing_return_id)
    references quality.standing_return (standing_return_id)
);
comment on table quality.return_package is
  'A sender''s own records as they stood when the package was made. When it was first fetched; what is removed stays here '
  'as history, without its parts.';
create unique index return_package_lying_ux on quality.return_package (standing_return_id) where removed_at is null;

create table quality.return_part (
  package_id uuid not null,
  part integer not null,
  sealed bytea not null,
  constraint return_part_pk primary key (package_id, part),
  constraint return_part_package_fk foreign key (package_id) references quality.return_package (package_id)
);
alter table quality.return_part alter column sealed set storage external;
comment on table quality.return_part is 'The packages, compressed and encrypted part by part. Holds identities and health data.';

-- That a package lies ready is told by mail, which has neither report nor password.
alter table quality.outbox
  add column package_id uuid,
  add constraint outbox_package_fk foreign key (package_id) references quality.return_package (package_id),
  drop constraint outbox_mail_ck,
  add constraint outbox_mail_ck check (num_nonnulls(feedback_id, package_id) = (channel = 'mail')::integer),
  drop constraint outbox_address_ck,
  add constraint outbox_address_ck check (
    state <> 'waiting' or (sealed is not null and num_nonnulls(password_id, package_id) = 1));
