"""A run as a log that other tools read."""

from journeysim.exports.export_run import FORMATS, export

__all__ = ["FORMATS", "export"]
