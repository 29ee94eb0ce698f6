alter table register.period add column share text not null default '';
alter table register.period drop constraint period_uq;
alter table register.period add constraint period_uq unique (sender, share, message_type, data_year);
comment on column register.period.share is
  'The share of the sender that files replace the year of, as an urban district is of a municipality; empty for none.';
