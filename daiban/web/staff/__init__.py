"""The staff's door (经办): cases, rosters, merging, the office's own forms."""
