-- What sender and register compare to see that everything has come (ADR 105). The key lies beside what it hides: it keeps
-- those who see digests on their way, and other senders, from trying out what a record may hold.
alter table register.batch_counter add column digest_key bytea;
update register.batch_counter set digest_key = uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
alter table register.batch_counter alter column digest_key set not null;
comment on column register.batch_counter.digest_key is
  'Each sender''s own key, for the digests of its records, is HMAC-SHA-256 of its organisation number under this one.';
