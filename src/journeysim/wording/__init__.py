"""Numbers, clauses and sentences as people read them; nothing here computes or prints."""
