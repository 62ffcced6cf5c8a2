"""The command line: every command reads, calls study, prints."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

__all__ = ["exit_code", "main"]


def main() -> NoReturn:
    """Run the program with the arguments of the command line."""
    try:
        code = exit_code(sys.argv[1:])
    except KeyboardInterrupt:
        # While the program itself was still being read.
        code = 130
    sys.exit(code)


def exit_code(arguments: Sequence[str]) -> int:
    """Run the program and return its exit code; whatever goes wrong is said on stderr."""
    from journeysim.cli.program import exit_code as run

    return run(arguments)
