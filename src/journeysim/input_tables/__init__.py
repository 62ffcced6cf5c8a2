"""Tables that people hand in: logs, interval reports, rosters; in whatever form they have them.

`files` reads a file to columns of cells, `moments`, `durations` and `numbers` say what the cells
mean. What cannot be read with certainty is refused with the row, its value and the remedy.
"""
