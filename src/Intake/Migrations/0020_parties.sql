create table intake.party (
  her_id integer not null,
  parent_her_id integer,
  name text not null,
  unit text,
  is_own boolean not null,
  receipt_version text not null,
  registered_at timestamptz not null,
  constraint party_pk primary key (her_id),
  constraint party_parent_fk foreign key (parent_her_id) references intake.party (her_id),
  constraint party_her_id_ck check (her_id between 1 and 999999999),
  constraint party_parent_ck check (parent_her_id <> her_id),
  constraint party_unit_ck check (unit ~ '^[0-9]{9}$'),
  constraint party_own_ck check (is_own or unit is not null),
  constraint party_receipt_version_ck check (receipt_version in ('1.0', '1.1'))
);
comment on table intake.party is
  'Communication parties of the message bus: organisations (level 1) and units of them (level 2), theirs and our own.';
comment on column intake.party.unit is 'The reporting unit that a party sends for.';

create table intake.party_certificate (
  certificate_id uuid not null,
  her_id integer not null,
  usage text not null,
  certificate bytea not null,
  valid_from timestamptz not null,
  valid_to timestamptz not null,
  revoked_at timestamptz,
  wrapped_private bytea,
  key_encryption_key_id text,
  registered_at timestamptz not null,
  constraint party_certificate_pk primary key (certificate_id),
  constraint party_certificate_party_fk foreign key (her_id) references intake.party (her_id),
  constraint party_certificate_usage_ck check (usage in ('sign', 'encrypt')),
  constraint party_certificate_life_ck check (valid_to >= valid_from),
  constraint party_certificate_wrapped_ck check ((wrapped_private is null) = (key_encryption_key_id is null))
);
create index party_certificate_her_id_ix on intake.party_certificate (her_id, usage);
comment on table intake.party_certificate is
  'Certificates of parties, each from and to a moment (the first included, the last not). A private part is there for '
  'our own parties only, encrypted by the key store.';
