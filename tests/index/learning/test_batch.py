"""The batch in its own process: what it learns, what it leaves on the disk (nothing), what it says when it cannot."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from index.learning.townsfolk import encoded, rows_of

from healthcloud.index import linkage
from healthcloud.index.linkage.batch import running
from healthcloud.index.linkage.batch.job import Found, Job
from healthcloud.index.linkage.converting import job_of, kept_levels, measures_of, proposed
from healthcloud.index.matching import DEFAULT_MODEL

ROWS = rows_of(3_000, 1_300)
PORTION = 64 << 10


def a_job(memory_mib: int = 2_000) -> Job:
    return job_of(DEFAULT_MODEL, sample=2_000, most=200, threads=2, memory_mib=memory_mib)


async def portions(rows: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(rows), PORTION):
        yield rows[start : start + PORTION]


async def run(job: Job, rows: bytes, engine: linkage.EngineName = linkage.EngineName.DUCKDB) -> Found:
    return await linkage.run_batch(engine, job, portions(rows))


def left_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


@pytest.mark.city
async def test_it_learns_without_labels_and_finds_who_is_one() -> None:
    """Given records of nobody yet, when a batch has learned, then what it would link is what the labels say."""
    found = await run(a_job(), encoded(ROWS, placed=False))
    assert (found.records, found.both, found.only_live) == (len(ROWS), 0, 0)
    labels = {f"{n:032x}": row.person for n, row in enumerate(ROWS, 1)}
    right = [pair for pair in found.unlinked if labels[pair.one] == labels[pair.other]]
    assert len(found.unlinked) == 200, "the heaviest, as many as were asked for"
    assert len(right) >= 0.99 * len(found.unlinked)
    m, u = found.weights["birth"]["same"]
    assert m > 0.8
    assert u < 0.01
    assert found.expected / found.links > 0.99
    model = proposed(DEFAULT_MODEL, found)
    assert model.weights["name"]["same"].bits > 5
    assert model.weights["name"]["different"].bits < 0
    assert model.weights["name"]["close"] == DEFAULT_MODEL.weights["name"]["close"], "tokens cannot tell it"
    assert {"name.close", "name.part", "name.unreadable"} <= set(kept_levels(DEFAULT_MODEL, found))
    assert model.link > model.review > 0


@pytest.mark.city
async def test_it_tells_where_the_index_and_the_new_weights_differ() -> None:
    """Given records of the persons their labels say, then the batch agrees with most and proposes nobody linked."""
    rows = encoded(ROWS)
    found = await run(a_job(), rows)
    persons: dict[int, int] = {}
    for row in ROWS:
        persons[row.person] = persons.get(row.person, 0) + 1
    live = sum(count * (count - 1) // 2 for count in persons.values())
    assert found.both + found.only_live == live
    assert found.both > 0.6 * live
    labels = {f"{n:032x}": row.person for n, row in enumerate(ROWS, 1)}
    assert all(labels[pair.one] != labels[pair.other] for pair in found.unlinked)
    measures = measures_of("duckdb", DEFAULT_MODEL, found)
    assert (measures.both, measures.only_new, measures.links) == (found.both, found.only_new, found.links)
    assert found.both + found.only_new == found.links


@pytest.mark.city
async def test_nothing_of_it_touches_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given folders of its own to look into, while a batch runs it holds no file open to write, and leaves none."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    ended = asyncio.Event()
    looks, written = 0, set()

    async def watch() -> None:
        nonlocal looks
        while not ended.is_set():
            for child in _batches():
                looks += 1
                written.update(_written_by(child))
            await asyncio.sleep(0.01)

    watching = asyncio.create_task(watch())
    await run(a_job(), encoded(ROWS))
    ended.set()
    await watching
    assert looks > 20, "it was looked at while it ran"
    assert written == set()
    assert left_in(tmp_path) == []


def _batches() -> list[Path]:
    """Return the processes of batches that this one began."""
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    ids = [int(child) for told in children for child in told.read_text().split()]
    return [Path(f"/proc/{child}") for child in ids if b"on_duckdb" in _told(Path(f"/proc/{child}/cmdline"))]


def _told(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _written_by(process: Path) -> set[str]:
    """Return the regular files this process holds open to write: flags of /proc/…/fdinfo, octal, end in 1 or 2."""
    found = set()
    for handle in process.glob("fd/*"):
        try:
            target = handle.readlink()
            flags = int((process / "fdinfo" / handle.name).read_text().split("flags:")[1].split()[0], 8)
        except (OSError, IndexError):
            continue
        if flags & (os.O_WRONLY | os.O_RDWR) and target.is_absolute() and target.is_file():
            found.add(str(target))
    return found


@pytest.mark.city
async def test_a_batch_that_needs_more_memory_than_it_has_fails_and_does_not_spill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = encoded(ROWS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with pytest.raises(linkage.LinkageFailed) as failed:
        await run(a_job(memory_mib=20), rows * 80)
    assert "OutOfMemory" in (failed.value.detail or "")
    assert left_in(tmp_path) == []


async def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "find_spec", lambda name: None if name == "splink" else find_spec(name))
    with pytest.raises(linkage.LinkageMissing):
        await run(a_job(), b"")


@pytest.mark.city
def test_no_process_of_the_city_imports_splink() -> None:
    """Given the whole command line and every worker's application imported, then the extra's packages are not."""
    script = (
        "import sys, healthcloud.server.cli, healthcloud.server.app, healthcloud.server.linkage.reader\n"
        "print(sorted({'splink', 'duckdb', 'pyarrow', 'pyspark', 'pandas'} & sys.modules.keys()))"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert told.stdout.strip() == "[]"


@pytest.mark.city
@pytest.mark.drill
@pytest.mark.skipif(
    find_spec("pyspark") is None, reason="pyspark is not installed; it is no dependency (decision 0061)"
)
async def test_duckdb_and_spark_find_the_same() -> None:
    """Given one input, then both engines learn the same weights and propose the same pairs, to nine digits."""
    rows = encoded(ROWS)
    one, other = await run(a_job(), rows), await run(a_job(), rows, linkage.EngineName.SPARK)
    assert (one.records, one.pairs, one.links, one.both, one.only_new, one.only_live) == (
        other.records,
        other.pairs,
        other.links,
        other.both,
        other.only_new,
        other.only_live,
    )
    assert one.prior == pytest.approx(other.prior, rel=1e-9)
    assert one.unlinked == other.unlinked
    for field, known in one.weights.items():
        for level, weights in known.items():
            assert weights == pytest.approx(other.weights[field][level], rel=1e-9), (field, level)
