-- Which records stand in which parts is written while a year is read, and never held whole. What is known in the former
-- form is forgotten: the next file of each period is read whole, once.
drop table register.period_part;
create table register.period_part (
  period_no bigint not null,
  page_no bigint not null,
  batch_no bigint not null,
  content bytea not null,
  constraint period_part_pk primary key (period_no, page_no)
);
alter table register.period_part alter column content set storage external;
comment on table register.period_part is
  'The parts (patients) that the newest whole message of a period held. In force while batch_no is that of the period: '
  'what else changes the period makes them void.';
comment on column register.period_part.content is
  'Part by part: its digest (16 bytes, zero for what must be read again), its number in the period (4), and how many '
  'records it has (4).';

create table register.period_record (
  period_no bigint not null,
  batch_no bigint not null,
  page_no bigint not null,
  record_table text not null,
  content bytea not null,
  constraint period_record_pk primary key (period_no, batch_no, page_no)
);
alter table register.period_record alter column content set storage external;
comment on table register.period_record is
  'The records of each part of a period, in pages of one table. Of parts that period_part does not name, they are '
  'former records, which go when they are most of their page.';
comment on column register.period_record.batch_no is 'The batch that wrote the page.';
comment on column register.period_record.content is
  'Record by record: the number of its part (4 bytes) and the record key (16).';
