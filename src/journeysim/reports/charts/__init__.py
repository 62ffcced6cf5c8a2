"""Figures: each is drawn from Arrow tables alone, with matplotlib, in any width."""
