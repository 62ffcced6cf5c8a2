"""Measures of a run: sums per replication and group, and the scores that they make."""
