"""Experiments: designs, making them anywhere, resuming, two kinds of uncertainty."""
