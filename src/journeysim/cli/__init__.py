"""The command line: every command reads, calls study, prints."""

from journeysim.cli.program import exit_code, main

__all__ = ["exit_code", "main"]
