"""The reference engine: a SimPy model that is meant to be read."""
