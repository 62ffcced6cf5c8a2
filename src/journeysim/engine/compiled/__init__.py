"""The compiled engine: the reference engine's twin, the same journeys byte for byte, far faster."""
