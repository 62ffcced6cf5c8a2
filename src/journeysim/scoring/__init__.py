"""The former name of `journeysim.measures`; its public names are still found here."""

import journeysim.measures as present
from journeysim.measures import *  # noqa: F403

__all__ = list(present.__all__)
