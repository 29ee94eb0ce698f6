-- Records of a sensitive class are held in tables of a schema of the class (R4.18, ADR 130).
alter table register.record_table add column sensitive_classes text[] not null default '{}';
alter table register.record_table alter column sensitive_classes drop default;
comment on column register.record_table.sensitive_classes is
  'The classes that hold some of its records apart, each in schema sensitive_<class>.';
