-- Parts of a whole year's message that came before, so that those that come again unchanged are not read (ADR 82).
create table register.period_part (
  period_no bigint not null,
  page_no bigint not null,
  batch_no bigint not null,
  record_tables text[] not null,
  content bytea not null,
  constraint period_part_pk primary key (period_no, page_no)
);
alter table register.period_part alter column content set storage external;
comment on table register.period_part is
  'The parts (patients) that the newest whole message of a period held, and the records of each. In force while '
  'batch_no is that of the period: what else changes the period makes them void.';
comment on column register.period_part.record_tables is 'The tables that content names by their place here.';
comment on column register.period_part.content is
  'Part by part: its digest (16 bytes), how many records it has (4), and for each of them the table''s place (1) and '
  'the record key (16).';
