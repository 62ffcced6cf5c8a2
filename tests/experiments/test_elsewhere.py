"""The same tables from a cluster, and in an object store."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import journeysim as js
from journeysim.errors import RunError
from journeysim.experiments import ExperimentOptions
from journeysim.runs.storage import place_of
from tests.experiments.small import files_of, made

MANY = {"replications": 30}


@pytest.fixture
def scheduler() -> Iterator[str]:
    """The address of a Dask scheduler with two workers, threads of this process."""
    import distributed

    quiet = {"dashboard_address": None, "processes": False, "threads_per_worker": 1}
    with distributed.LocalCluster(
        n_workers=2, protocol="tcp://", host="127.0.0.1", **quiet
    ) as cluster:
        yield cluster.scheduler_address


@pytest.fixture
def scheduler_of_processes(tmp_path: Path) -> Iterator[str]:
    """A Dask scheduler with two workers, processes of this machine."""
    file = tmp_path / "scheduler.json"
    own = ["--nthreads", "1", "--no-nanny", "--local-directory"]
    common = ["--host", "127.0.0.1", "--no-dashboard"]
    commands = [
        ["scheduler", *common, "--port", "0", "--scheduler-file", str(file)],
        *[
            ["worker", *common, "--scheduler-file", str(file), *own, str(tmp_path / f"{number}")]
            for number in range(2)
        ],
    ]
    started = []
    try:
        for number, words in enumerate(commands):
            if number == 1:
                _until(file)
            with (tmp_path / f"{words[0]}-{number}.log").open("w") as log:
                command = [sys.executable, "-m", "dask", *words]
                started.append(subprocess.Popen(command, stdout=log, stderr=log))
        import json

        yield json.loads(file.read_text())["address"]
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _until(file: Path) -> None:
    import time

    for _ in range(3000):
        if file.exists() and file.read_text().strip():
            return
        time.sleep(0.1)
    pytest.fail("no scheduler")


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_makes_the_same_tables(scheduler: str, tmp_path: Path) -> None:
    made(tmp_path / "here", **MANY)
    how = ExperimentOptions(engine="reference", executor="dask", cluster=scheduler)
    made(tmp_path / "there", how, **MANY)
    assert files_of(tmp_path / "here") == files_of(tmp_path / "there")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_workers_of_other_processes_make_the_same_tables(
    scheduler_of_processes: str, tmp_path: Path
) -> None:
    import distributed

    with distributed.Client(scheduler_of_processes, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=300)
    made(tmp_path / "here", **MANY)
    how = ExperimentOptions(engine="reference", executor="dask", cluster=scheduler_of_processes)
    made(tmp_path / "there", how, **MANY)
    assert files_of(tmp_path / "here") == files_of(tmp_path / "there")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_of_this_machine_lasts_as_long_as_it_is_needed(tmp_path: Path) -> None:
    before = set(psutil.Process().children(recursive=True))
    made(tmp_path / "here", **MANY)
    found = made(
        tmp_path / "there", ExperimentOptions(engine="reference", cluster="local", jobs=2), **MANY
    )
    assert found.results.equals(js.open_experiment(tmp_path / "here").results)
    left = set(psutil.Process().children(recursive=True)) - before
    assert [each for each in left if "spawn_main" in " ".join(each.cmdline())] == []


@pytest.mark.filterwarnings("ignore")
def test_a_point_that_cannot_be_is_told_from_a_worker(scheduler: str, tmp_path: Path) -> None:
    factors = {
        "one": {"path": "channels.phone.after.abandoned.lost", "values": [0.2, 0.6]},
        "other": {"path": "channels.phone.after.abandoned.phone.share", "values": [0.3, 0.4, 0.5]},
    }
    how = ExperimentOptions(engine="reference", executor="dask", cluster=scheduler)
    with pytest.raises(js.ScenarioError, match=r"point 5.*\n.*add up to 1\.1"):
        made(tmp_path / "there", how, factors=factors)


def test_a_cluster_that_does_not_answer_is_an_error(tmp_path: Path) -> None:
    how = ExperimentOptions(engine="reference", executor="dask", cluster="nonsense://127.0.0.1:1")
    with pytest.raises(RunError, match="no Dask scheduler answers"):
        made(tmp_path / "there", how)


def test_a_cluster_far_away_needs_a_place() -> None:
    with pytest.raises(RunError, match="name a place with --out"):
        js.experiment(
            {
                "scenario": "scenarios/erlang_a.toml",
                "measures": ["offered"],
                "design": {"kind": "factorial"},
                "factors": {"agents": {"path": "pools.*.agents", "values": [2]}},
            },
            cluster="tcp://127.0.0.1:1",
        )


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A URI into an S3 service of this process."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    import boto3

    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    store = boto3.client(
        "s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1", **keys
    )
    store.create_bucket(Bucket="experiments")
    store.close()
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    yield (
        f"s3://key:secret@experiments/line?endpoint_override={host}:{port}"
        "&scheme=http&region=us-east-1"
    )
    server.stop()


@pytest.mark.filterwarnings("ignore")
def test_an_object_store_holds_the_same_bytes(bucket: str, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    made(whole, **MANY)

    def stop(done: int, _: int, __: float) -> None:
        if done >= 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(bucket, ExperimentOptions(engine="reference", progress=stop), **MANY)
    place = place_of(bucket)
    assert len(place.names("parts")) >= 2
    found = made(bucket, **MANY)
    for name, content in files_of(whole).items():
        assert place.read(name) == content, name
    assert place.names("parts") == []
    assert made(bucket, **MANY).results.equals(found.results)
    assert "secret" not in place.name
    again = js.open_experiment(bucket)
    assert again.results.equals(found.results)
    assert again.again(1, 2).num_rows == 3
    with pytest.raises(RunError, match="another experiment") as refused:
        made(bucket, seed=9)
    assert "secret" not in str(refused.value)


@pytest.mark.filterwarnings("ignore")
def test_runs_are_kept_in_an_object_store_too(bucket: str, tmp_path: Path) -> None:
    made(tmp_path / "here", keep_runs=True)
    elsewhere = bucket.replace("/line?", "/runs?")
    made(elsewhere, keep_runs=True)
    place = place_of(elsewhere)
    for name, content in files_of(tmp_path / "here").items():
        assert place.read(name) == content, name


def test_a_file_uri_is_a_folder(tmp_path: Path) -> None:
    made(tmp_path / "one")
    made((tmp_path / "other").as_uri())
    assert files_of(tmp_path / "one") == files_of(tmp_path / "other")


@pytest.mark.parametrize("uri", ["nonsense://there", "s3://"])
def test_a_place_that_cannot_be_is_an_error(uri: str) -> None:
    with pytest.raises(RunError, match="no place to write to"):
        made(uri)
