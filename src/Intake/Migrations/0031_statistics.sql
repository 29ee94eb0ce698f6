-- No query asks for rows by these, and sorting a sample of jsonb was most of what analyzing the table took.
alter table intake.submission alter column findings set statistics 0, alter column timings set statistics 0;
