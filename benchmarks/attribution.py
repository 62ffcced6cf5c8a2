"""How long it takes to credit touchpoints: `python -m benchmarks.attribution`.

Makes journeys as a run would leave them, in memory-mapped Arrow files, and times all log-based
methods (first, last, linear, Shapley, Markov) together, with 1 thread and with 2; compiled outside
the clock, best of several. The bar: 10 million journeys, 35 million contacts, 8 channels in 1 s.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from journeysim.measures.attribution import ReplicationJourneys, count, shares_of
from journeysim.tables.columns import JourneyOutcome, words
from journeysim.tables.run import Replication, read_table

CHANNELS = ("web", "bot", "phone", "chat", "email", "branch", "back_office", "social")
BATCH = 1_000_000


def main() -> None:
    """Print a line per number of threads and order of the chain."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--journeys", type=int, default=10_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = replication(Path(folder), chosen.journeys)
        contacts = made.contacts.num_rows
        print(f"{chosen.journeys} journeys, {contacts} contacts, {len(CHANNELS)} channels")
        for order in (1, 2, 3):
            for threads in (1, 2):
                seconds = best_of(chosen.repeats, made, order=order, threads=threads)
                rate = chosen.journeys / seconds / 1e6
                print(
                    f"order {order}, {threads} thread{'s' * (threads > 1)}: {seconds:.3f} s, "
                    f"{rate:.0f} million journeys/s"
                )


def best_of(repeats: int, made: Replication, *, order: int, threads: int) -> float:
    """Return the seconds of the fastest of several runs, the first of which compiles."""
    taken = []
    for _ in range(repeats + 1):
        begun = time.perf_counter()
        source = ReplicationJourneys(made, by="channel", goal={"resolved"})
        counts = count(source, order=order, threads=threads)
        shares = shares_of(counts)
        taken.append(time.perf_counter() - begun)
        # The work was done: everybody is counted, and no credit is lost or made.
        assert counts.journeys == made.journeys.num_rows
        assert counts.flow.steps[:, :-2].sum() == made.contacts.num_rows
        for method in ("first_touch", "last_touch", "linear", "shapley", "markov"):
            assert abs(shares[method].sum() - 1.0) < 1e-9
    return min(taken[1:])


def replication(folder: Path, journeys: int) -> Replication:
    """Return a replication in files, with 3.5 contacts per journey on average."""
    dice = np.random.default_rng(1)
    outcomes = words(JourneyOutcome)
    with (
        pa.OSFile(str(folder / "contacts"), "wb") as contact_file,
        pa.OSFile(str(folder / "journeys"), "wb") as journey_file,
        pa.ipc.new_file(contact_file, CONTACTS) as contact_writer,
        pa.ipc.new_file(journey_file, JOURNEYS) as journey_writer,
    ):
        first = 0
        for start in range(0, journeys, BATCH):
            size = min(BATCH, journeys - start)
            made = dice.geometric(1 / 3.5, size).astype(np.int32)
            begins = first + np.concatenate([[0], np.cumsum(made[:-1], dtype=np.int64)])
            first += int(made.sum())
            channels = dice.choice(len(CHANNELS), int(made.sum()), p=SHARES).astype(np.int8)
            outcome = dice.choice(len(outcomes), size, p=ENDS).astype(np.int8)
            batch = [
                pa.array(begins),
                pa.array(made),
                _coded(outcome, outcomes),
                ALL.slice(0, size),
            ]
            journey_writer.write_batch(pa.record_batch(batch, schema=JOURNEYS))
            codes = [_coded(channels, CHANNELS)]
            contact_writer.write_batch(pa.record_batch(codes, schema=CONTACTS))
    empty = pa.table({})
    return Replication(0, read_table(folder / "journeys"), read_table(folder / "contacts"), empty)


def _coded(codes: np.ndarray, named: tuple[str, ...]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(named))


SHARES = np.array([0.3, 0.1, 0.25, 0.1, 0.1, 0.05, 0.06, 0.04])
ENDS = np.array([0.7, 0.2, 0.05, 0.02, 0.03])
ALL = pa.array(np.ones(BATCH, np.bool_))
_CODED = pa.dictionary(pa.int8(), pa.string())
CONTACTS = pa.schema([pa.field("channel", _CODED)])
JOURNEYS = pa.schema(
    [
        pa.field("first_contact", pa.int64()),
        pa.field("contacts", pa.int32()),
        pa.field("outcome", _CODED),
        pa.field("scored", pa.bool_()),
    ]
)


if __name__ == "__main__":
    main()
