-- Which types a unit has sent is asked for on its pages; how many of each makes no difference to the answer.
create index submission_unit_type_ix on quality.submission (unit, message_type) where outcome = 'in_register';
