-- A row of the feed tells of many records: a first load is a million changes of the same kind (ADR 83).
alter table register.change rename to change_line;
alter index register.change_batch_ix rename to change_line_batch_ix;

create table register.change (
  batch_no bigint not null,
  record_table text not null,
  kind text not null,
  record_keys uuid[] not null,
  person_keys bigint[] not null,
  former_person_keys bigint[],
  constraint change_kind_known check (kind in ('insert', 'update', 'delete', 'move')),
  constraint change_persons_of_records check (cardinality(person_keys) = cardinality(record_keys)),
  constraint change_formers_of_moves check (
    case when kind = 'move' then cardinality(former_person_keys) = cardinality(record_keys)
    else former_person_keys is null end)
);
comment on table register.change is
  'The change feed: the records that changed in each batch, some of one table and kind in each row. Read through '
  'register.feed_consumer, in order of batch_no.';
comment on column register.change.person_keys is
  'In the order of record_keys: the person each record stands at now; for a deletion, stood at.';
comment on column register.change.former_person_keys is
  'For moves, in the order of record_keys: the person each record stood at before.';
create index change_batch_ix on register.change (batch_no);

insert into register.change (batch_no, record_table, kind, record_keys, person_keys, former_person_keys)
select batch_no, record_table, kind, array_agg(record_key order by record_key),
  array_agg(person_key order by record_key),
  case when kind = 'move' then array_agg(former_person_key order by record_key) end
from (
  select *, (row_number() over (partition by batch_no, record_table, kind order by record_key) - 1) / 64 as part
  from register.change_line
) as line
group by batch_no, record_table, kind, part;
drop table register.change_line;
