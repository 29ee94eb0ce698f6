-- A standing return that nobody fetches rests: nothing more is made of it until it is fetched or resumed.
alter table quality.standing_return
  add column rested_at timestamptz,
  add column resumed_at timestamptz;
comment on column quality.standing_return.rested_at is
  'Since when nothing is made, since what was made was not fetched; null when it does not rest.';
comment on column quality.standing_return.resumed_at is 'When it last was resumed; packages from before are not counted again.';

-- That it rests is told once, by a mail of its own about the last package.
alter table quality.outbox add column tells_rest boolean not null default false;
