"""What was measured, as rows that stand alone: in an Arrow table and in a history."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

from journeysim.bench.bandwidth import Bandwidth
from journeysim.bench.machine import Machine


@dataclass(frozen=True, slots=True)
class DataFacts:
    """The journeys that were scored.

    Attributes
    ----------
    origin
        Where they come from: ``seed 1``, or the name of what was given.
    journeys, contacts
        How many.
    fingerprint
        Equal for equal journeys: times of different ones are not comparable.
    """

    origin: str
    journeys: int
    contacts: int
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How fast one contender scored one set of measures with some threads.

    Attributes
    ----------
    group
        Name of the set: ``nine``, ``all``, ``own``, or that of a single measure.
    contender
        Who scored.
    jobs
        Threads.
    measures
        Names of what was scored.
    journeys
        Scored in one run.
    touched
        Bytes of the columns that the measures need and of the scores: each is moved at least once.
    seconds, processor, yardstick
        Of each turn: time of a run, processor time of it, and time of a fixed piece of work just
        before and after it.
    compile_seconds
        Processor time of a first run that had to compile, or None where nothing is compiled.
    peak, libraries
        Memory, bytes, without mapped files and without the scores: the most during a run, and
        what was taken before it began, mostly by libraries. None if it was not watched.
    bandwidth
        Of the memory, with as many threads, in bytes per second.
    alone
        Whether it is one measure of a set, timed alone.
    """

    group: str
    contender: str
    jobs: int
    measures: tuple[str, ...]
    journeys: int
    touched: int
    seconds: tuple[float, ...]
    processor: tuple[float, ...]
    yardstick: tuple[float, ...]
    compile_seconds: float | None = None
    peak: int | None = None
    libraries: int | None = None
    bandwidth: float
    alone: bool = False

    @property
    def name(self) -> str:
        """What it is called where only one line is left for it."""
        return f"{self.group}, {self.contender}, {self.jobs}"

    @property
    def median(self) -> float:
        """Seconds of the middle turn."""
        return statistics.median(self.seconds)

    @property
    def work(self) -> float:
        """Processor seconds of the middle turn."""
        return statistics.median(self.processor)

    @property
    def spread(self) -> float:
        """Half the distance of the quartiles of turns, as a share of the median."""
        if len(self.seconds) < 2:
            return 0.0
        low, _, high = statistics.quantiles(self.seconds, n=4, method="inclusive")
        return (high - low) / 2 / self.median

    @property
    def rate(self) -> float:
        """Journeys per second."""
        return self.journeys / self.median

    @property
    def moved(self) -> float:
        """Bytes per second."""
        return self.touched / self.median

    @property
    def share(self) -> float:
        """Share of the memory's bandwidth."""
        return self.moved / self.bandwidth

    @property
    def relative(self) -> tuple[float, ...]:
        """Times of turns in yardsticks: a slow hour of the machine cancels out."""
        return tuple(
            seconds / measured
            for seconds, measured in zip(self.seconds, self.yardstick, strict=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything that one benchmark found.

    Attributes
    ----------
    date
        When, UTC, ISO 8601.
    machine, software
        What it ran on, and the versions.
    data
        What was scored.
    bandwidths
        Of the memory, by threads.
    timings
        Measured sets, contender by contender.
    cannot
        Who took no part in which set, and why.
    """

    date: str
    machine: Machine
    software: dict[str, str]
    data: DataFacts
    bandwidths: tuple[Bandwidth, ...]
    timings: tuple[Timing, ...]
    cannot: tuple[str, ...]

    def records(self) -> list[dict[str, Any]]:
        """Return one record per timing, each complete in itself."""
        shared = {
            "date": self.date,
            "machine": self.machine.as_record(),
            "software": self.software,
            "data": asdict(self.data),
        }
        return [shared | _record(timing) for timing in self.timings]

    def table(self) -> pa.Table:
        """Return the records as an Arrow table, nested parts as columns of their own."""
        return pa.Table.from_pylist([_flat(record) for record in self.records()], SCHEMA)


def _record(timing: Timing) -> dict[str, Any]:
    return {
        "group": timing.group,
        "alone": timing.alone,
        "contender": timing.contender,
        "jobs": timing.jobs,
        "measures": list(timing.measures),
        "seconds": list(timing.seconds),
        "processor_seconds": list(timing.processor),
        "yardstick": list(timing.yardstick),
        "median": timing.median,
        "spread": timing.spread,
        "journeys_per_second": timing.rate,
        "touched": timing.touched,
        "bytes_per_second": timing.moved,
        "bandwidth": timing.bandwidth,
        "bandwidth_share": timing.share,
        "compile_seconds": timing.compile_seconds,
        "peak": timing.peak,
        "libraries": timing.libraries,
    }


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    parts = [record["machine"], record["data"]]
    flat = {name: value for part in parts for name, value in part.items()}
    versions = [f"{name} {version}" for name, version in record["software"].items()]
    return {**flat, **record, "software": ", ".join(versions)}


def _fields(kind: pa.DataType, **meanings: str) -> list[pa.Field]:
    return [pa.field(name, kind, metadata={"meaning": text}) for name, text in meanings.items()]


SCHEMA = pa.schema(
    [
        *_fields(
            pa.string(),
            date="When it was measured, UTC.",
            processor="Name of the processor.",
            target="What compiled code was made for.",
            system="Operating system and architecture.",
            software="Versions.",
            origin="Where the journeys come from.",
            fingerprint="Equal for equal journeys.",
            group="Name of the set of measures.",
            contender="Who scored.",
        ),
        *_fields(
            pa.int64(),
            cores="Cores that could be used.",
            journeys="Journeys scored in a run.",
            contacts="Their contacts.",
            jobs="Threads.",
            touched="Bytes of the columns needed and of the scores.",
            peak="Most memory without mapped files and scores, bytes.",
            libraries="Memory taken before the run, bytes.",
        ),
        *_fields(
            pa.float64(),
            median="Seconds of the middle turn.",
            spread="Half the distance of the quartiles of turns, share of the median.",
            journeys_per_second="Journeys per second.",
            bytes_per_second="Bytes touched per second.",
            bandwidth="Bytes per second that memory gave with as many threads.",
            bandwidth_share="Share of that bandwidth.",
            compile_seconds="Processor time of a first run that compiles; null if nothing is.",
        ),
        *_fields(
            pa.list_(pa.float64()),
            seconds="Seconds of each turn.",
            processor_seconds="Processor time of each turn.",
            yardstick="Seconds of a fixed piece of work beside each turn.",
        ),
        *_fields(pa.list_(pa.string()), measures="What was scored."),
        *_fields(pa.bool_(), alone="Whether it is one measure of a set, timed alone."),
    ]
)
