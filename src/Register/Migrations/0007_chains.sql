-- Chains of notifications: each names the one before it, and some replace or annul an earlier one (KPR, C20).
create table register.chain_link (
  sender text not null,
  message_type text not null,
  link_id uuid not null,
  original_id uuid not null,
  previous_id uuid not null,
  serial bigint,
  status text not null,
  record_keys uuid[] not null,
  submission_id uuid not null,
  batch_no bigint not null,
  came_at timestamptz not null,
  constraint chain_link_pk primary key (sender, message_type, link_id)
);
comment on table register.chain_link is
  'The links of each sender''s chains as they have come. Which stand before which is told by serial, not by arrival.';
comment on column register.chain_link.original_id is
  'The link that this one replaces or annuls; its own id when it is an original.';
comment on column register.chain_link.previous_id is 'The link it names as the one before; all zeros for the first.';
comment on column register.chain_link.serial is 'Null when the message told no whole number.';
comment on column register.chain_link.record_keys is
  'The records it told of, in any table of its message type; they end when a newer link of the same original comes.';
create index chain_link_original_ix on register.chain_link (sender, message_type, original_id);
create index chain_link_serial_ix on register.chain_link (sender, message_type, serial);
