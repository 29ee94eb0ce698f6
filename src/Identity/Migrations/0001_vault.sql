create schema identity;
comment on schema identity is 'The vault: the only place with identifiers of persons, encrypted, and the keys they stand for.';

create table identity.data_key (
  data_key_no int not null,
  key_encryption_key_id text not null,
  wrapped bytea not null,
  made_at timestamptz not null,
  walked_to bigint,
  constraint data_key_pk primary key (data_key_no)
);
comment on table identity.data_key is
  'Keys that identifiers are encrypted with, themselves encrypted by the key store. The newest one is used.';
comment on column identity.data_key.walked_to is
  'The identifier key that re-encryption under this key has come to; null when it has not begun.';

create table identity.person (
  person_key bigint not null,
  made_at timestamptz not null,
  constraint person_pk primary key (person_key)
);
comment on table identity.person is
  'Every person key ever given out, also those that merges have emptied, so that none is given twice. Below zero: the person is not known.';

create table identity.identifier (
  blind_index uuid not null,
  identifier_key bigint not null,
  person_key bigint not null,
  kind smallint not null,
  data_key_no int not null,
  ciphertext bytea not null,
  first_seen_at timestamptz not null,
  constraint identifier_pk primary key (blind_index),
  constraint identifier_key_uq unique (identifier_key),
  constraint identifier_kind_ck check (kind between 1 and 6),
  constraint identifier_key_ck check (identifier_key > 0)
) with (fillfactor = 90);
comment on table identity.identifier is
  'One identifier and the person it stands for. blind_index is a keyed hash of kind, scope and digits; ciphertext is nonce, tag and AES-256-GCM.';
comment on column identity.identifier.kind is
  '1 fødselsnummer, 2 D-nummer, 3 H-nummer, 4 felles hjelpenummer, 5 DUF-nummer, 6 the sender''s own patient number.';
create index identifier_person_ix on identity.identifier (person_key);

create table identity.change_counter (
  change_counter_id int not null,
  change_no bigint not null,
  constraint change_counter_pk primary key (change_counter_id),
  constraint change_counter_one_row check (change_counter_id = 1)
);
comment on table identity.change_counter is
  'One row: the newest person change. Whoever changes what identifiers stand for holds its lock until commit, so changes become visible in the order of their numbers.';
insert into identity.change_counter (change_counter_id, change_no) values (1, 0);

create table identity.person_change (
  change_no bigint not null,
  identifier_key bigint not null,
  from_person_key bigint not null,
  to_person_key bigint not null,
  cause text not null,
  changed_at timestamptz not null,
  actor_kind text not null,
  actor_id text not null,
  purpose text not null,
  case_reference text,
  reason text not null,
  constraint person_change_pk primary key (change_no),
  constraint person_change_identifier_fk foreign key (identifier_key) references identity.identifier (identifier_key),
  constraint person_change_cause_ck check (cause in ('attach', 'merge', 'split')),
  constraint person_change_case_ck check (cause = 'attach' or case_reference is not null)
);
comment on table identity.person_change is
  'Each time an identifier went from one person to another, with ground and reason: the history, and the feed the register follows. Never changed.';
create index person_change_identifier_ix on identity.person_change (identifier_key, change_no);

create table identity.link_candidate (
  person_key bigint not null,
  other_person_key bigint not null,
  basis text not null,
  first_seen_at timestamptz not null,
  decision text,
  decided_at timestamptz,
  decided_by text,
  case_reference text,
  constraint link_candidate_pk primary key (person_key, other_person_key),
  constraint link_candidate_order_ck check (person_key < other_person_key),
  constraint link_candidate_basis_ck check (basis in ('record', 'local number')),
  constraint link_candidate_decision_ck check (decision in ('merged', 'kept apart'))
);
comment on table identity.link_candidate is
  'Two persons that a record says are one. Staff decide; nothing is merged by itself.';

-- History is not rewritten, by the platform either. Since persons and data keys cannot be deleted, identifiers have no
-- foreign keys to them: they would cost a third of the time of adding new persons.
select platform.take_from_logins('update', 'identity.person_change, identity.person');
select platform.take_from_logins('delete', 'all tables in schema identity');
