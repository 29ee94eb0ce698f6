create table quality.calendar_choice (
  unit text not null,
  calendar text not null,
  chosen_at timestamptz not null,
  constraint calendar_choice_pk primary key (unit),
  constraint calendar_choice_unit_ck check (unit ~ '^[0-9]{9}$')
);
comment on table quality.calendar_choice is
  'Units that follow another reporting calendar than the default of what they send.';
