-- What the register is known for certain to lack of a feed, whatever its size (ADR 143).
create table intake.lack (
  lack_id uuid not null,
  unit text not null,
  message_type text not null,
  cause text not null,
  part text not null,
  type_version text,
  records integer not null,
  since timestamptz not null,
  found_at timestamptz not null,
  counted_at timestamptz not null,
  closed_at timestamptz,
  constraint lack_pk primary key (lack_id),
  constraint lack_cause_ck check (cause in ('told', 'chain')),
  constraint lack_records_ck check (records > 0)
);
comment on table intake.lack is
  'Feeds of which the register lacks something: by what the sender told that it has, or by a hole in a chain. Closed by data.';
comment on column intake.lack.part is 'The list of the message that was compared, or whose chain it is.';
comment on column intake.lack.records is 'Records, or notifications of a chain, that are missing at the least.';
create unique index lack_open_uq on intake.lack (unit, message_type, cause, part) where closed_at is null;

create table intake.lack_place (
  lack_id uuid not null,
  unit text not null,
  month integer not null,
  own_count integer not null,
  own_digest bigint not null,
  needed integer not null,
  lacking integer not null,
  constraint lack_place_pk primary key (lack_id, unit, month),
  constraint lack_place_lack_fk foreign key (lack_id) references intake.lack (lack_id)
);
comment on table intake.lack_place is
  'Units'' months of which a sender has more than the register. Gone when they are alike, or as many are here as are needed.';
comment on column intake.lack_place.needed is 'As many the register has when what was missing has come.';
