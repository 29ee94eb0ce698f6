-- Parts (patients) of a queue's newest whole message that were judged without remarks (ADR 85): those that come again
-- byte for byte need not be read to be judged again.
create table intake.judged_part (
  lane_id uuid not null,
  submission_id uuid not null,
  extracted_on date not null,
  to_on date not null,
  tally_form text not null,
  institutions text[] not null,
  counted text[] not null,
  content bytea not null,
  constraint judged_part_pk primary key (lane_id),
  constraint judged_part_lane_fk foreign key (lane_id) references intake.lane (lane_id)
);
alter table intake.judged_part alter column content set storage external;
comment on table intake.judged_part is
  'What the newest whole message of a queue held in each part that broke no rule. No identifier of a person: digests '
  'and counts.';
comment on column intake.judged_part.extracted_on is
  'Of the message. Parts are known only in messages that tell of no earlier day.';
comment on column intake.judged_part.tally_form is 'Changes when what is counted, or how, does.';
comment on column intake.judged_part.counted is 'What was counted, each once; content names them by their place here.';
comment on column intake.judged_part.content is
  'Part by part: its digest (16 bytes), then in groups of seven bits how many records it has, the place of its '
  'institution from 1, how many counts it gave, and for each of them what was counted and how many times.';
