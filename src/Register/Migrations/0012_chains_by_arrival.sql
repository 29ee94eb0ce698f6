-- Which chains have come on lately, so that their holes are found the same day.
create index chain_link_came_ix on register.chain_link
  using brin (came_at) with (pages_per_range = 16, autosummarize = on);
