"""From evidence to a decision: filled, blank or unsure, by fitted models; two witnesses must agree."""
