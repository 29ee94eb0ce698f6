alter table intake.party
  add column valid_from timestamptz,
  add column valid_to timestamptz,
  add constraint party_life_ck check (valid_to > valid_from);
comment on column intake.party.valid_from is 'The first moment the address counts; null when it always has.';
comment on column intake.party.valid_to is 'The first moment the address no longer counts; null when no end is known.';
