"""The former name of `journeysim.measures.attribution`; its public names are still found here."""

import journeysim.measures.attribution as present
from journeysim.measures.attribution import *  # noqa: F403

__all__ = list(present.__all__)
