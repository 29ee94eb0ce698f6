create table intake.sender (
  unit text not null,
  name text not null,
  enterprise text,
  configured_at timestamptz not null,
  constraint sender_pk primary key (unit),
  constraint sender_unit_ck check (unit ~ '^[0-9]{9}$'),
  constraint sender_enterprise_ck check (enterprise ~ '^[0-9]{9}$')
);
comment on table intake.sender is
  'Reporting units that are known, and the enterprise responsible for each.';

create table intake.sender_sub_unit (
  unit text not null,
  sub_unit text not null,
  name text not null,
  constraint sender_sub_unit_pk primary key (unit, sub_unit),
  constraint sender_sub_unit_unit_fk foreign key (unit) references intake.sender (unit),
  constraint sender_sub_unit_ck check (sub_unit ~ '^[0-9]{9}$')
);
comment on table intake.sender_sub_unit is 'Sub-units whose activity a unit may report as its own.';

create table intake.sender_vendor (
  unit text not null,
  vendor text not null,
  client_id text not null,
  constraint sender_vendor_pk primary key (unit, vendor, client_id),
  constraint sender_vendor_unit_fk foreign key (unit) references intake.sender (unit),
  constraint sender_vendor_ck check (vendor ~ '^[0-9]{9}$')
);
comment on table intake.sender_vendor is
  'Vendors that may send for a unit, with which client; an empty client id means any client of that vendor.';

create table intake.sender_obligation (
  unit text not null,
  message_type text not null,
  from_on date not null,
  to_on date,
  constraint sender_obligation_pk primary key (unit, message_type, from_on),
  constraint sender_obligation_unit_fk foreign key (unit) references intake.sender (unit),
  constraint sender_obligation_period_ck check (to_on >= from_on)
);
comment on table intake.sender_obligation is
  'Which message types a unit sends, from and to which day (both included).';

create table intake.sender_version (
  only_row boolean not null,
  version bigint not null,
  constraint sender_version_pk primary key (only_row),
  constraint sender_version_only_row_ck check (only_row)
);
insert into intake.sender_version (only_row, version) values (true, 1);
comment on table intake.sender_version is
  'One row, counted up by every change to senders: a node that holds an older number reads again.';
