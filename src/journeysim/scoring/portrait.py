"""The former name of `journeysim.measures.portrait`; its public names are still found here."""

import journeysim.measures.portrait as present
from journeysim.measures.portrait import *  # noqa: F403

__all__ = list(present.__all__)
