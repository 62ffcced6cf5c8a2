"""The flat model: a scenario as integer-coded arrays, which is all that an engine sees."""
