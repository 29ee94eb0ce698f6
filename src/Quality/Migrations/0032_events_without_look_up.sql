-- Each event was held against its finding by a query planned once a session: while there are few findings it reads them
-- all, and goes on doing so for each of the thousands a check may open. An event is only ever written from the finding
-- that the same statement has written.
alter table quality.finding_event drop constraint finding_event_finding_fk;
