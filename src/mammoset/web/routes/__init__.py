"""One file for each part of the site; every route reads, none writes."""
