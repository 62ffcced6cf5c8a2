"""Build the scenario of a bank's call centre in 1999 from its log of calls."""
