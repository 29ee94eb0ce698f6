-- Patient numbers that identity messages tell the person of (R2.08, ADR 81).
alter table identity.identifier drop constraint identifier_kind_ck;
alter table identity.identifier add constraint identifier_kind_ck check (kind between 1 and 7);
comment on column identity.identifier.kind is
  '1 fødselsnummer, 2 D-nummer, 3 H-nummer, 4 felles hjelpenummer, 5 DUF-nummer, 6 the sender''s own patient number, '
  '7 a patient number within an institution.';

alter table identity.person_change drop constraint person_change_cause_ck;
alter table identity.person_change add constraint person_change_cause_ck
  check (cause in ('attach', 'correct', 'merge', 'split'));
alter table identity.person_change drop constraint person_change_case_ck;
alter table identity.person_change add constraint person_change_case_ck
  check (cause in ('attach', 'correct') or case_reference is not null);
comment on column identity.person_change.cause is
  'attach: a local number''s person became known; correct: a later identity message says another person; merge and split: '
  'decisions of staff.';
