create table intake.slash_key (
  key_id text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  public_pem text not null,
  wrapped_private bytea,
  key_encryption_key_id text,
  constraint slash_key_pk primary key (key_id),
  constraint slash_key_life_ck check (expires_at > created_at),
  constraint slash_key_wrapped_ck check ((wrapped_private is null) = (key_encryption_key_id is null))
);
comment on table intake.slash_key is
  'Key pairs that senders wrap their message keys with. The private part is encrypted by the key store and is removed '
  'some time after the key has expired; the row stays, so that an old key is told from an unknown one.';
