"""Changes of a scenario, written as text."""
