"""From a contact log to a scenario, and a verdict on whether it fits."""

from journeysim.calibration.calibration import Calibration, calibrate
from journeysim.calibration.column_map import ColumnMap, read_map
from journeysim.calibration.held_out_backtest import Backtest, backtest

__all__ = ["Backtest", "Calibration", "ColumnMap", "backtest", "calibrate", "read_map"]
