"""Whether a scenario is right, and plausible."""
