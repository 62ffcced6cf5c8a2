"""Builds the scenario of a Sunday-to-Thursday day at an Israeli bank's call centre in 1999.

Reads `jan_1999.csv` and `feb_1999.csv` (one row per call; not part of this project) and writes
the commented scenario and the data's own half-hour figures. Every rule is a constant or a
sentence in a docstring; nothing is tuned towards a simulated result.

    python -m scenarios.bank_1999 --data DIR --out scenarios/bank_1999.toml \
        --figures scenarios/bank_1999_figures.json
"""
