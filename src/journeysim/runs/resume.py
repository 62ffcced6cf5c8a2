"""What a run directory holds already, and its record: the same run goes on, another is refused."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from journeysim.engine.engine_choice import Engine
from journeysim.engine.extension import Extension
from journeysim.engine.replication import Prepared
from journeysim.errors import RunError
from journeysim.scenario.scenario import Scenario
from journeysim.tables.directory_lock import is_empty, writing_alone
from journeysim.tables.provenance import (
    DEFINITIONS,
    LAYOUT,
    Status,
    host,
    now,
    versions,
    write_record,
    write_whole,
)
from journeysim.tables.run import Keep, finished_replications

_REMEDY = "choose another directory with --out"


@dataclass(slots=True)
class RunRecord:
    """What `run.json` says of a run, while it is made.

    Attributes
    ----------
    scenario, prepared, seed, extension, keep
        What is run, and which tables are kept.
    replications
        Numbers of those that are asked for.
    directory
        That of the run; None in memory.
    engine
        Who made it.
    twin
        What comparing both engines found; None if they were not compared.
    seconds
        That each replication took, by its number.
    """

    scenario: Scenario
    prepared: Prepared
    seed: int
    extension: Extension | None
    keep: Keep
    replications: Sequence[int]
    directory: Path | None
    engine: Engine
    twin: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    started: str = field(default_factory=now)

    @property
    def finished(self) -> list[int]:
        """Numbers of the replications that are complete in the directory."""
        return finished_replications(self.directory) if self.directory else []

    def document(self, status: Status) -> dict[str, Any]:
        """Return what `run.json` says."""
        kept = {} if self.keep == "all" else {"keep": self.keep}
        return {
            "layout": LAYOUT,
            "status": status,
            "scenario": self.scenario.name,
            "title": self.scenario.world.title,
            "scenario_hash": self.prepared.hash,
            "seed": self.seed,
            "replications": len({*self.replications, *self.finished}),
            **kept,
            "engine": self.engine,
            "twin": self.twin,
            "extension": type(self.extension).__name__ if self.extension else None,
            "versions": versions(),
            "definitions": DEFINITIONS,
            "host": host(),
            "started": self.started,
            "written": now(),
            "seconds": dict(sorted(self.seconds.items(), key=lambda item: int(item[0]))),
        }

    def write(self, status: Status) -> None:
        """Write `run.json`, if there is a directory."""
        if self.directory is not None:
            write_record(self.directory, self.document(status))

    @contextlib.contextmanager
    def opened(self) -> Iterator[Mapping[str, Any]]:
        """Make the directory, or go on in one of the same run; yield the record it had.

        Raises
        ------
        RunError
            If it holds something else, in which nothing is touched, or is being written.
        """
        if self.directory is None:
            yield {}
            return
        self._before(self.directory)
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunError(
                f"{self.directory}: cannot be made ({error.strerror or error})"
            ) from error
        with writing_alone(self.directory):
            # Once more: another process may just have written it.
            before = self._before(self.directory)
            self.seconds.update(before.get("seconds", {}))
            write_whole(self.directory / "scenario.toml", self.prepared.scenario_toml)
            if self.prepared.trace:
                write_whole(self.directory / "trace.arrow", self.prepared.trace)
            self.write("running")
            yield before

    def _before(self, directory: Path) -> Mapping[str, Any]:
        """Return the record of the same run in a directory, empty if the directory is."""
        if not directory.exists() or (directory.is_dir() and is_empty(directory)):
            return {}
        try:
            text = (directory / "run.json").read_text(encoding="utf-8")
            record: dict[str, Any] = json.loads(text)
            old = record["scenario_hash"], record["seed"], record["versions"]["journeysim"]
        except (OSError, ValueError, KeyError, TypeError):
            raise RunError(f"{directory}: exists and is not a run directory; {_REMEDY}") from None
        new = self.prepared.hash, self.seed, versions()["journeysim"]
        extended = record.get("extension") is not None or self.extension is not None
        if old != new or extended:
            what = "scenario" if old[0] != new[0] else "seed" if old[1] != new[1] else "program"
            raise RunError(f"{directory}: holds a run of another {what}; {_REMEDY}")
        kept = record.get("keep", "all")
        if kept != self.keep:
            raise RunError(f"{directory}: holds a run with --keep {kept}; {_REMEDY}")
        return record
