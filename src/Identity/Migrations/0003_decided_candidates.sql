-- What the population register says of who is who is decided (R4.15, ADR 123).
alter table identity.link_candidate drop constraint link_candidate_basis_ck;
alter table identity.link_candidate add constraint link_candidate_basis_ck
  check (basis in ('record', 'local number', 'population register'));
comment on table identity.link_candidate is
  'Two persons that a record says are one. Staff decide; what the population register says of a number that followed '
  'another is merged by itself.';
