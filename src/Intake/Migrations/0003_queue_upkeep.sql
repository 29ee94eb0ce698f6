-- Every submission leaves one dead row here. They are removed while they are few, so that a walk through the queues does
-- not pass thousands of them.
alter table intake.waiting set (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 2000);
