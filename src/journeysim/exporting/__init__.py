"""A run as a log that other tools read."""

from journeysim.exporting.writing import FORMATS, export

__all__ = ["FORMATS", "export"]
