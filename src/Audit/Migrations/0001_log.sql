create schema audit;
comment on schema audit is 'The append-only log of every access. The same in each database that holds what must be audited.';

create table audit.entry (
  chain text not null,
  sequence_no bigint not null,
  occurred_at timestamptz not null,
  actor_kind text not null,
  actor_id text not null,
  purpose text not null,
  case_reference text,
  action text not null,
  subject text not null,
  count int not null,
  details text,
  previous_hash bytea not null,
  hash bytea not null,
  seal bytea not null,
  constraint entry_pk primary key (chain, sequence_no),
  constraint entry_sequence_no_ck check (sequence_no >= 1),
  constraint entry_actor_kind_ck check (actor_kind in ('user', 'client', 'system')),
  constraint entry_lengths_ck check (
    length(chain) <= 100 and length(actor_id) <= 200 and length(purpose) <= 200 and length(case_reference) <= 200
    and length(action) <= 100 and length(subject) <= 200 and length(details) <= 4000),
  constraint entry_hashes_ck check (
    octet_length(previous_hash) = 32 and octet_length(hash) = 32 and octet_length(seal) = 32)
);
comment on table audit.entry is
  'One access or act. hash covers the entry and the hash before it in its chain; seal is hash under a key that is not in the database. docs/modules/audit.md gives the exact bytes.';

create index entry_time_ix on audit.entry (occurred_at, chain, sequence_no);
create index entry_actor_ix on audit.entry (actor_id, occurred_at, chain, sequence_no);
create index entry_subject_ix on audit.entry (subject, occurred_at, chain, sequence_no);

create table audit.checkpoint (
  checkpoint_no bigint not null,
  made_at timestamptz not null,
  chains text[] not null,
  sequence_nos bigint[] not null,
  hashes bytea[] not null,
  previous_hash bytea not null,
  hash bytea not null,
  signature bytea not null,
  constraint checkpoint_pk primary key (checkpoint_no),
  constraint checkpoint_no_ck check (checkpoint_no >= 1),
  constraint checkpoint_heads_ck check (
    cardinality(chains) = cardinality(sequence_nos) and cardinality(chains) = cardinality(hashes))
);
comment on table audit.checkpoint is
  'How far each chain had come, signed. Entries up to a checkpoint cannot be cut off unseen; checkpoints form a chain of their own.';

-- Takes a free chain of the writer for this transaction (its stripes are name/0, name/1, …) and tells its newest entry.
-- A function, because the head must be read by a snapshot taken after the lock was given, and in one round trip.
create function audit.take_chain(name text, stripes int, preferred int)
returns table (chain text, sequence_no bigint, hash bytea)
language plpgsql volatile as $$
declare
  taken text;
begin
  for i in 0 .. stripes - 1 loop
    taken := name || '/' || ((preferred + i) % stripes);
    exit when pg_try_advisory_xact_lock(hashtextextended('audit ' || taken, 0));
    taken := null;
  end loop;
  if taken is null then
    taken := name || '/' || (preferred % stripes);
    perform pg_advisory_xact_lock(hashtextextended('audit ' || taken, 0));
  end if;

  return query
    select taken, newest.sequence_no, newest.hash
    from (select 1) one
    left join lateral (
      select e.sequence_no, e.hash
      from audit.entry e
      where e.chain = taken
      order by e.sequence_no desc
      limit 1
    ) newest on true;
end
$$;
comment on function audit.take_chain is 'Locks one of the writer''s chains until commit and tells its newest entry.';

-- What is written stays: the roles that the platform runs as may add and read, and nothing else.
select platform.take_from_logins('update, delete', 'all tables in schema audit');
