"""The former name of `journeysim.measures.experience`; its public names are still found here."""

import journeysim.measures.experience as present
from journeysim.measures.experience import *  # noqa: F403

__all__ = list(present.__all__)
