-- Parts that nobody knows of are looked for every minute, among payloads most of which are whole.
create index payload_streamed_ix on intake.payload (submission_id) where form <> 0 and part = 0;
