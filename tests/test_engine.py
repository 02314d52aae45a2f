"""The whole way: one answer however the work is divided, fingerprints that last, and the sample posts' known truth."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from corpora import PIECES, as_text, some_posts, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postlint import engine, inspecting
from postlint.checks import shared_text as shared_text_check
from postlint.engine import check, check_sources
from postlint.errors import UserError
from postlint.rules import all_rules
from postlint.settings import Settings

AS_OF = date(2026, 11, 20)
DEFAULT = Settings(codes=tuple(code for code, rule in all_rules().items() if rule.default), as_of=AS_OF)
SITE = Path(__file__).parents[1] / "fixtures" / "site"
SAMPLES = Path(__file__).parents[2] / "shared" / "seeds"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6), st.integers(1, 7))
def test_any_division_of_the_work_gives_one_answer(seed: int, chunk: int) -> None:
    """Chunks of any size and paths in any order: the same report, byte for byte."""
    posts = some_posts(seed, 12)
    whole = as_text(check_sources(posts, DEFAULT))
    shuffled = list(posts.items())
    random.Random(seed).shuffle(shuffled)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "CHUNK", chunk)
        assert as_text(check_sources(dict(shuffled), DEFAULT)) == whole


def test_jobs_order_and_storage_give_one_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One process or two, shingles in memory or in a file, sorted or shuffled paths."""
    monkeypatch.chdir(tmp_path)
    paths = write(tmp_path, some_posts(4, 60))
    whole = as_text(check(paths, DEFAULT))
    monkeypatch.setattr(engine, "CHUNK", 7)
    monkeypatch.setattr(engine, "PARALLEL_FROM", 2)
    assert as_text(check(paths[::-1], replace(DEFAULT, jobs=2))) == whole
    monkeypatch.setattr(engine, "STORED_FROM", 1)
    assert as_text(check(paths, replace(DEFAULT, jobs=2))) == whole
    assert as_text(check(paths, DEFAULT)) == whole


def test_full_disk_gives_the_same_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary files that can't be written cost memory."""
    monkeypatch.chdir(tmp_path)
    paths = write(tmp_path, some_posts(4, 20))
    whole = as_text(check(paths, DEFAULT))
    monkeypatch.setattr(engine, "STORED_FROM", 1)

    def full(file: int, data: bytes, position: int) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    assert as_text(check(paths, DEFAULT)) == whole


@pytest.mark.skipif(sys.platform != "linux", reason="workers that are not forked do not see what a test replaced")
def test_a_killed_worker_ends_the_run_with_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the kernel does when memory runs out: no answer, no waiting for ever."""
    monkeypatch.chdir(tmp_path)
    paths = write(tmp_path, some_posts(4, 6))
    monkeypatch.setattr(engine, "PARALLEL_FROM", 2)
    monkeypatch.setattr(engine, "CHUNK", 2)
    monkeypatch.setattr(inspecting.Files, "__call__", lambda files, path: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(UserError, match="worker process was killed"):
        check(paths, replace(DEFAULT, jobs=2))


def test_a_path_named_twice_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    paths = write(tmp_path, some_posts(1, 3))
    assert as_text(check(paths * 2, DEFAULT)) == as_text(check(paths, DEFAULT))


def test_no_post_is_a_report_without_violations() -> None:
    report = check_sources({}, DEFAULT)
    assert (report.files, report.posts, report.violations, report.clusters) == (0, 0, (), ())


def test_an_unreadable_file_is_a_violation_and_the_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that vanished after it was found; the others are linted."""
    monkeypatch.chdir(tmp_path)
    paths = write(tmp_path, {"a.md": "# A\n\nneeds [citation needed] here.\n"})
    report = check([*paths, "gone.md"], DEFAULT)
    assert report.posts == 1
    assert report.files == 2
    assert {(violation.path, violation.code) for violation in report.violations} == {
        ("a.md", "REV013"),
        ("gone.md", "FMT001"),
    }


def test_fingerprints_survive_inserted_lines_and_a_new_name() -> None:
    """What moves or is renamed keeps its fingerprint."""
    text = "---\ntitle: Old kilns\n---\n\nSay why [citation needed].\n\nAnd where [citation needed].\n"
    before = check_sources({"a.md": text}, DEFAULT).violations
    after = check_sources({"b/c.md": text.replace("\n\nSay", "\n\nA new first paragraph.\n\nSay")}, DEFAULT).violations
    assert [violation.code for violation in before] == ["REV013", "REV013"]
    assert [violation.fingerprint for violation in after] == [violation.fingerprint for violation in before]
    assert before[0].fingerprint != before[1].fingerprint
    assert before[0].location.row + 2 == after[0].location.row


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_fingerprints_of_one_post_differ(seed: int) -> None:
    by_post: dict[str, list[str]] = {}
    for violation in check_sources(some_posts(seed, 8), DEFAULT).violations:
        by_post.setdefault(violation.path, []).append(violation.fingerprint)
    for found in by_post.values():
        assert len(set(found)) == len(found)


def test_places_are_in_the_file(tmp_path: Path) -> None:
    """Every place of every violation, related ones included, is a place of its file; the quote stands there."""
    posts = some_posts(9, 20)
    report = check_sources(posts, DEFAULT)
    assert len({violation.code for violation in report.violations}) > 5
    for violation in report.violations:
        rows = posts[violation.path].split("\n")
        assert violation.location <= violation.end_location
        if violation.location.row == violation.end_location.row and len(violation.quote) < 200:
            row = rows[violation.location.row - 1]
            stands = row[violation.location.column - 1 : violation.end_location.column - 1]
            assert " ".join(stands.split()) == violation.quote
        for related in violation.related:
            assert 1 <= related.location.row <= related.end_location.row <= posts[related.path].count("\n") + 1


def test_per_file_ignores_and_severities() -> None:
    """A pattern silences codes for the files it matches; a severity is the user's last word."""
    posts = {"old/a.md": "Why [citation needed].\n", "new/a.md": "Why [citation needed].\n"}
    root = str(Path.cwd())
    only = replace(DEFAULT, codes=("REV013",), root=root, per_file_ignores=(("old/", frozenset({"REV013"})),))
    assert [violation.path for violation in check_sources(posts, only).violations] == ["new/a.md"]
    from postlint.violations import Severity

    severe = replace(DEFAULT, codes=("REV013",), severities={"REV013": Severity.ERROR})
    assert {violation.severity for violation in check_sources(posts, severe).violations} == {Severity.ERROR}


def test_the_known_truth_of_the_sample_posts() -> None:
    """Every finding an expert editor made on five real posts, at its line, and none besides."""
    truth = SAMPLES.parent / "seeds-truth.json"
    if not truth.exists():
        pytest.skip("the sample posts are not part of the repository")
    expected = {
        (finding["path"], finding["line"], finding["code"])
        for finding in json.loads(truth.read_text())["findings"]
        if finding["default"]
    }
    report = check([str(path) for path in SAMPLES.glob("*.txt")], DEFAULT)
    found = {(Path(violation.path).name, violation.location.row, violation.code) for violation in report.violations}
    assert len(expected) == 125
    assert found == expected
    earlier = check([str(path) for path in SAMPLES.glob("000_*.txt")], replace(DEFAULT, as_of=date(2026, 1, 1)))
    assert [violation.quote for violation in earlier.violations if violation.code == "DAT001"] == ["2026-06-28"]


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("language", "en/kiln.md", "de/ofen.md"),
        ("page", "docs/v1/kiln.md", "docs/v2/kiln.md"),
        ("series", "letter-from-the-kiln-2024.md", "letter-from-the-kiln-2025.md"),
    ],
)
def test_likeness_is_excused_only_where_it_is_asked_for(kind: str, first: str, second: str) -> None:
    """Each kind of likeness alone excuses its own pair, and no other setting does."""
    posts = {first: PIECES[0] + "\n", second: PIECES[0] + "\n"}
    kinds = ("language", "page", "series")
    for likeness in (kinds, (kind,)):
        assert check_sources(posts, replace(DEFAULT, codes=("BP001",), likeness=likeness)).violations == ()
    without = tuple(other for other in kinds if other != kind)
    assert len(check_sources(posts, replace(DEFAULT, codes=("BP001",), likeness=without)).violations) == 2


def test_sources_of_a_stitched_post_are_those_that_share_most() -> None:
    """By hand: of three sentences of eight words one post has two, another, first by path, has one twice."""
    first, second, third = (f"The {name} stands behind the harbour since spring." for name in ("boat", "kiln", "shed"))
    posts = {
        "a-harbour.md": f"{first}\n\n{first}\n",
        "m-notes.md": f"{first} {second} {third}\n",
        "z-yard.md": f"{second} {third} Nobody knows why.\n",
    }
    options = {"BP004": {"min-words": 10, "min-sentences": 2}}
    report = check_sources(posts, replace(DEFAULT, codes=("BP004",), options=options))
    found = {
        violation.path: [(item.path, item.message) for item in violation.related] for violation in report.violations
    }
    assert found == {
        "m-notes.md": [("z-yard.md", "shares 16 words"), ("a-harbour.md", "shares 8 words")],
        "z-yard.md": [("m-notes.md", "shares 16 words")],
    }


def test_posts_are_counted_by_sources_of_a_stitched_post_not_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two posts are looked at for a sentence: one that has it three times is one of them, and leaves room for another.

    The stitched post itself comes last, so that it takes no place of theirs.
    """
    monkeypatch.setattr(shared_text_check, "LOOKED_AT", 2)
    first, second, third = (f"The {name} stands behind the harbour since spring." for name in ("boat", "kiln", "shed"))
    posts = {
        "a-harbour.md": f"{first}\n\n{first}\n\n{first}\n\nNobody knows why.\n",
        "m-notes.md": f"{first} {second} Nobody knows who.\n",
        "z-yard.md": f"{first} {second} {third}\n",
        "zz-shed.md": f"{third} It is full of rags.\n",
    }
    options = {"BP004": {"min-words": 10, "min-sentences": 3}}
    report = check_sources(posts, replace(DEFAULT, codes=("BP004",), options=options))
    (found,) = report.violations
    assert found.path == "z-yard.md"
    assert [(item.path, item.message) for item in found.related] == [
        ("m-notes.md", "shares 16 words"),
        ("a-harbour.md", "shares 8 words"),
        ("zz-shed.md", "shares 8 words"),
    ]


def test_a_value_is_held_against_posts_not_against_its_occurrences() -> None:
    """The first issue of a series has an image ten times; the second one's other post is the third to have it."""
    image = "![Smoke above the kiln](https://cdn.workshop.org/smoke.jpg)\n\n"
    posts = {
        "letter-from-the-kiln-1.md": "# Letter from the kiln 1\n\n" + image * 10,
        "letter-from-the-kiln-2.md": "# Letter from the kiln 2\n\n" + image,
        "smoke.md": "# Smoke\n\n" + image,
    }
    report = check_sources(posts, replace(DEFAULT, codes=("IMG014",)))
    assert [
        (violation.path, violation.related[0].path, violation.data["posts"]) for violation in report.violations
    ] == [
        ("letter-from-the-kiln-1.md", "smoke.md", 2),
        ("letter-from-the-kiln-2.md", "smoke.md", 2),
        ("smoke.md", "letter-from-the-kiln-1.md", 2),
    ]


def test_each_value_is_judged_by_its_own_text() -> None:
    """One address in two spellings: the name that is ignored stands in one of them."""
    options = {"IMG014": {"ignore-names": ["big"]}}
    pictures = {
        "a.md": "# Rust\n\n![One](https://cdn.workshop.org/a%62ig.jpg)\n",
        "b.md": "# Moss\n\n![Two](https://cdn.workshop.org/abig.jpg)\n",
    }
    report = check_sources(pictures, replace(DEFAULT, codes=("IMG014",), options=options))
    assert [violation.path for violation in report.violations] == ["a.md"]


def test_a_post_is_not_its_own_other_post() -> None:
    """A post with an image twice is held against the post that has it once."""
    image = "![Smoke above the kiln](https://cdn.workshop.org/smoke.jpg)\n\n"
    posts = {"kiln.md": "# Kilns\n\n" + image * 2, "boat.md": "# Boats\n\n" + image}
    # With no likeness excused, nothing but being the same post keeps it from being held against itself.
    report = check_sources(posts, replace(DEFAULT, codes=("IMG014",), likeness=()))
    assert [(violation.path, violation.related[0].path) for violation in report.violations] == [
        ("boat.md", "kiln.md"),
        ("kiln.md", "boat.md"),
    ]
