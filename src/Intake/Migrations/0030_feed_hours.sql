-- Each feed's rhythm, and when it is broken (ADR 106).
create table intake.feed_hour (
  message_type text not null,
  unit text not null,
  day date not null,
  hour smallint not null,
  records integer not null,
  constraint feed_hour_pk primary key (message_type, unit, day, hour),
  constraint feed_hour_hour_ck check (hour between 0 and 23),
  constraint feed_hour_records_ck check (records >= 0)
);
comment on table intake.feed_hour is
  'Records each unit has sent of each type, hour by hour of the clock in Norway. Hours without any have no row.';
comment on column intake.feed_hour.records is
  'Of submissions that were not rejected; one without records counts as one, for it too is a sign of life.';

create table intake.silence (
  silence_id uuid not null,
  unit text not null,
  message_type text not null,
  is_silent boolean not null,
  since timestamptz not null,
  found_at timestamptz not null,
  expected double precision not null,
  got integer not null,
  chance double precision not null,
  closed_at timestamptz,
  constraint silence_pk primary key (silence_id)
);
comment on table intake.silence is
  'Feeds that were found silent, or to bring less than they do. Closed by data, never by hand.';
comment on column intake.silence.is_silent is 'True when nothing comes; false when less comes than should.';
comment on column intake.silence.expected is 'Records it would have sent since then, when it was last looked at.';
comment on column intake.silence.chance is 'How likely it is that so few came by chance.';
create unique index silence_open_uq on intake.silence (unit, message_type) where closed_at is null;
create index silence_found_ix on intake.silence (found_at);
