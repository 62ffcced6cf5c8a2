"""Some replications of a run whose directory holds more."""

from __future__ import annotations

from dataclasses import dataclass

from journeysim.tables.run import Run, finished_replications


@dataclass(frozen=True, slots=True)
class PartOfRun(Run):
    """The first replications of a run, so that a command prints the same whatever was there.

    Attributes
    ----------
    wanted
        Replications from this number on are left aside.
    """

    wanted: int = 0

    @property
    def replications(self) -> list[int]:
        """Return the numbers of the finished replications that count, rising."""
        assert self.directory is not None
        return [number for number in finished_replications(self.directory) if number < self.wanted]


def first_replications(run: Run, wanted: int) -> Run:
    """Return a run without the replications from `wanted` on."""
    if run.directory is None or len(run.replications) <= wanted:
        return run
    record = {**run.record, "replications": wanted}
    return PartOfRun(record, run.scenario_toml, run.directory, wanted=wanted)
