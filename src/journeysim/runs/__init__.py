"""Making replications: which are missing, who makes them, and where they are kept."""
