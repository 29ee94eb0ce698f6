create table intake.bus_attempt (
  owner_her_id integer not null,
  body_hash bytea not null,
  failures integer not null,
  failed_at timestamptz not null,
  constraint bus_attempt_pk primary key (owner_her_id, body_hash),
  constraint bus_attempt_failures_ck check (failures > 0)
);
comment on table intake.bus_attempt is
  'Messages of the bus that could not be received for a reason of ours, and how often it was tried. A row goes when '
  'its message is received or put into the dead-letter queue. The hash is of the encrypted message.';
