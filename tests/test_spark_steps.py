"""What workers of a Spark job do to rows gives the report of a single machine. No Spark is needed for it."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from corpora import some_posts, stitched_posts
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from spark_corpora import DEFAULT, SMALL
from spark_steps import judged, violations

from postlint.discover import discover
from postlint.engine import check
from postlint.errors import UserError
from postlint.reporters.json_object import violation_object
from postlint.settings import Settings
from postlint.spark import holders
from postlint.spark.contract import COUNT, POSTINGS_ROW
from postlint.spark.job import Job
from postlint.spark.rows import batch
from postlint.spark.streams import whole_groups
from postlint.violations import Report

FIXTURES = Path(__file__).parents[1] / "fixtures"
SETTINGS = Settings(codes=DEFAULT, as_of=date(2026, 11, 20))


def hold(paths: list[str], settings: Settings) -> int:
    """Hold the steps to a run on one machine; the number of rounds."""
    return hold_to(check(paths, settings), *judged(paths, settings))


def hold_to(whole: Report, job: Job, rows: pa.Table, rounds: int) -> int:
    expected = [json.loads(json.dumps(violation_object(violation))) for violation in whole.violations]
    assert violations(rows) == expected
    assert job.posts == whole.posts
    counted = rows.filter(pa.compute.equal(rows.column("kind"), COUNT))
    counts: dict[str, int] = {}
    for name, count in zip(counted.column("text").to_pylist(), counted.column("number").to_pylist(), strict=True):
        counts[name] = counts.get(name, 0) + count
    assert counts.get("suppressed", 0) == whole.suppressed
    if whole.shared:
        assert tuple(counts.get(f"tenth {tenth}", 0) for tenth in range(10)) == whole.shared
    return rounds


def write(folder: Path, posts: dict[str, str]) -> list[str]:
    for path, text in posts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return [str(folder / path) for path in posts]


@pytest.mark.parametrize("folder", ["site", "readers/records"])
def test_posts_and_files_of_many_posts(folder: str) -> None:
    assert hold(discover([str(FIXTURES / folder)]), SETTINGS) >= 1


@given(seed=st.integers(0, 10_000), count=st.integers(1, 60), stitched=st.booleans())
@hypothesis_settings(max_examples=25)
def test_random_corpora(tmp_path_factory: pytest.TempPathFactory, seed: int, count: int, stitched: bool) -> None:
    folder = tmp_path_factory.mktemp("corpus")
    paths = write(folder, stitched_posts(seed, count) if stitched else some_posts(seed, count))
    hold(paths, replace(SETTINGS, options=SMALL))


def test_posts_that_turn_out_to_be_related_are_asked_about_in_a_second_round(tmp_path: Path) -> None:
    text = " ".join(f"The {word} of the harbour is told by the lamp at its end." for word in "abcdefghijklmnop")
    posts = {f"news-issue-{number:03}.md": f"# Harbour news {number}\n\n{text}\n" for number in range(30)}
    posts["zzz-plain.md"] = f"# Lamps\n\n{text}\n"
    # Related posts are asked about at once, not one after the other.
    assert hold(write(tmp_path, posts), SETTINGS) == 3


def test_what_cannot_be_read_is_reported_and_compared_with_nothing(tmp_path: Path) -> None:
    paths = write(tmp_path, stitched_posts(3, 12))
    (tmp_path / "bad.md").write_bytes(b"\xff\xfe\x00\x01binary\x00" * 40)
    hold([*paths, str(tmp_path / "bad.md")], SETTINGS)


def test_files_of_the_same_records_and_suppressions(tmp_path: Path) -> None:
    posts = stitched_posts(5, 20)
    rows = [
        {"title": f"Post {number}", "slug": f"p-{number}", "body": text.partition("---\n\n")[2]}
        for number, text in enumerate(posts.values())
    ]
    (tmp_path / "posts.jsonl").write_text("\n".join(map(json.dumps, rows * 7)), encoding="utf-8")
    first = next(iter(posts.values())).partition("---\n\n")[2]
    (tmp_path / "quiet.md").write_text(f"<!-- postlint: disable BP001, ND001 -->\n\n{first}", encoding="utf-8")
    paths = [str(tmp_path / "posts.jsonl"), str(tmp_path / "quiet.md")]
    assert check(paths, replace(SETTINGS, options=SMALL)).suppressed
    hold(paths, replace(SETTINGS, options=SMALL))


def test_a_body_is_said_to_be_that_of_the_post_published_first(tmp_path: Path) -> None:
    text = " ".join(f"The {word} of the quay is painted every spring." for word in "rail ladder lamp bollard".split())
    days = {"b.md": "2024-05-01", "c.md": "2023-02-03", "d.md": "2025-01-01"}
    posts = {name: f"---\ntitle: On {name}\ndate: {day}\n---\n\n{text}\n" for name, day in days.items()}
    posts["a.md"] = f"---\ntitle: Undated\n---\n\n{text}\n"
    settings = replace(SETTINGS, codes=("ND001",))
    paths = write(tmp_path, posts)
    hold(paths, settings)
    assert {violation.data["original"] for violation in check(paths, settings).violations} == {str(tmp_path / "c.md")}


def test_workers_stand_in_a_folder_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site, worker = tmp_path / "site", tmp_path / "worker"
    worker.mkdir()
    paths = [os.path.relpath(path, site) for path in write(site, stitched_posts(2, 15))]
    ignored = (paths[0].rpartition("/")[0] + "/*.md", frozenset({"BP001", "ND002", "BP004"}))
    settings = replace(SETTINGS, options=SMALL, per_file_ignores=(ignored,), root=str(site))
    monkeypatch.chdir(site)
    whole = check(paths, settings)
    assert len(whole.violations) < len(check(paths, replace(settings, per_file_ignores=())).violations)
    monkeypatch.chdir(worker)
    hold_to(whole, *judged(paths, settings, str(site)))


def test_rules_that_look_at_all_posts_at_once_are_refused() -> None:
    with pytest.raises(UserError, match=r"MET028 .* looks at all posts at once, which the Spark engine can't"):
        _ = Job(replace(SETTINGS, codes=("MET028",)), ".").bound
    exact = replace(SETTINGS, options={"ND002": {"exact": True}})
    with pytest.raises(UserError, match=r"--exact compares all posts at once"):
        _ = Job(exact, ".").bound


def test_keys_of_which_only_the_first_half_agrees_are_two() -> None:
    kinds = Job(SETTINGS, ".").kinds
    rows = [(kinds.index("sentence"), 5, more, post, 0, 9, 1, None) for more, post in ((1, 10), (1, 20), (2, 30))]
    mail = list(holders.mail(pa.Table.from_batches([batch(rows, POSTINGS_ROW)]), kinds))
    assert sorted({row["post"] for one in mail for row in one.to_pylist()}) == [10, 20]
    assert {row["df"] for one in mail for row in one.to_pylist()} == {2}


def test_a_file_that_changes_or_is_not_there_is_an_error(tmp_path: Path) -> None:
    from spark_steps import incoming, parts_of

    from postlint.spark.digesting import Digesting
    from postlint.spark.incoming import THE_PART

    paths = write(tmp_path, some_posts(1, 3))
    batches = incoming(job := Job(SETTINGS, str(tmp_path)), {THE_PART: parts_of(paths, SETTINGS)})
    status = os.stat(paths[0])
    os.utime(paths[0], ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    with pytest.raises(UserError, match="has changed since the job began"):
        list(Digesting(job)(batches))
    os.unlink(paths[0])
    with pytest.raises(UserError, match="all machines of a cluster must see"):
        list(Digesting(job)(batches))


@given(groups=st.lists(st.integers(1, 9), max_size=12), size=st.integers(1, 7), least=st.integers(1, 12))
def test_groups_are_whole_however_batches_are_cut(groups: list[int], size: int, least: int) -> None:
    keys = [number // 2 for number, count in enumerate(groups) for _ in range(count)]
    more = [number for number, count in enumerate(groups) for _ in range(count)]
    batches = pa.table({"key": pa.array(keys, pa.int64()), "more": pa.array(more, pa.int64())}).to_batches(size)
    found = list(whole_groups(batches, ("key", "more"), least))
    assert [row for table in found for row in table.column("more").to_pylist()] == more
    seen: set[int] = set()
    for table in found:
        mine = set(table.column("more").to_pylist())
        assert not mine & seen
        seen |= mine
