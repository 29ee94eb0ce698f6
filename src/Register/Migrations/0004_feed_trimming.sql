alter table register.batch_counter add column trimmed_batch_no bigint not null default 0;
comment on column register.batch_counter.trimmed_batch_no is
  'Changes of this batch and those before it are no longer in register.change: every consumer had passed them.';
