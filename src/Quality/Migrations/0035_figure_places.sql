-- A sender is compared with country, county and size group: their sums are read in the index alone.
drop index quality.figure_count_year_ix;
create index figure_count_place_ix on quality.figure_count (data_year, municipality)
  include (figure_id, category, persons, basis, amount) where part = '';
