"""Kinds of distribution, a class each: its keys, its checks, its mean, its row for the engines."""
