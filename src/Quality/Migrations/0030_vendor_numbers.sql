-- A vendor sees how its own systems fare: whose they are is what the token vouched for, and never what a header says.
alter table quality.submission add column vendor_number text
  constraint submission_vendor_number_ck check (vendor_number ~ '^[0-9]{9}$');
comment on column quality.submission.vendor_number is
  'The vendor that sent for the unit, as its token says; null where the unit sent itself or the channel does not tell.';
create index submission_vendor_number_ix on quality.submission (vendor_number, received_at)
  where vendor_number is not null;
create index submission_product_ix on quality.submission (vendor, product, received_at);
