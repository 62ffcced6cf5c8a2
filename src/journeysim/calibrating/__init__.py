"""From a contact log to a scenario, and a verdict on whether it fits."""

from journeysim.calibrating.backtesting import Backtest, backtest
from journeysim.calibrating.calibration import Calibration, calibrate
from journeysim.calibrating.column_map import ColumnMap, read_map

__all__ = ["Backtest", "Calibration", "ColumnMap", "backtest", "calibrate", "read_map"]
