"""``python -m journeysim``."""

from journeysim.cli import main

main()
