"""Baselines: the file, which violations stay known whatever happens to posts, waivers, decisions, the commands."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sites import Said

from postlint.baseline.entries import Entry, KnownPost, Waiver, read_entries, written
from postlint.cli import run
from postlint.errors import UserError

FILE = ".postlint-baseline"
FLAGGED = "---\ntitle: {title}\nneeds_review: true\n---\n\nOne line of text about {title}.\n"
IMAGE = "\n![A spoon on a table](https://placehold.co/600x{height}/png)\n"


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three posts, each with the same flag (REV001); one has an image of a placeholder service (IMG001), too."""
    monkeypatch.chdir(tmp_path)
    Path("content").mkdir()
    Path("postlint.toml").write_text(f'baseline = "{FILE}"\nselect = ["REV001", "IMG001"]\n', encoding="utf-8")
    post("rye", FLAGGED.format(title="Rye bread") + IMAGE.format(height=400))
    post("plum", FLAGGED.format(title="Plum jam"))
    post("quince", FLAGGED.format(title="Quince paste"))


def post(name: str, text: str) -> None:
    Path(f"content/{name}.md").write_text(text, encoding="utf-8")


def text(name: str) -> str:
    return Path(f"content/{name}.md").read_text(encoding="utf-8")


def said(*arguments: str, as_of: str = "2026-11-20") -> Said:
    with (
        contextlib.redirect_stdout(io.StringIO()) as output,
        contextlib.redirect_stderr(io.StringIO()) as errors,
    ):
        return Said(run([*arguments, "--as-of", as_of, "--jobs", "1"]), output.getvalue(), errors.getvalue())


def create() -> None:
    assert said("baseline", "create", "content").code == 0


def reported(*arguments: str, as_of: str = "2026-11-20") -> list[tuple[str, str]]:
    """The name of the post and the code of what a check reports."""
    found = json.loads(said(*(arguments or ("content",)), "--format", "json", as_of=as_of).output)
    return [(Path(violation["path"]).stem, violation["code"]) for violation in found["violations"]]


def held(*arguments: str) -> int:
    """How many violations a check says the baseline holds."""
    output = said(*(arguments or ("content",)), "--format", "json").output
    return int(json.loads(output)["summary"]["baselined"])


def gone(*arguments: str) -> list[int]:
    """The rows of the baseline that a check says are gone."""
    return [int(row) for row in re.findall(rf"{FILE}:(\d+)", said(*(arguments or ("content",))).errors)]


def row_of(name: str, code: str) -> int:
    """The row of a known violation in the file, from 1."""
    rows = Path(FILE).read_text(encoding="utf-8").splitlines()
    start = rows.index(f"content/{name}.md")
    return next(row for row in range(start, len(rows)) if rows[row].startswith(f"  {code} ")) + 1


# The file


def test_what_is_written_down(capsys: pytest.CaptureFixture[str]) -> None:
    done = said("baseline", "create", "content")
    assert done.output == f"Wrote {FILE}: 4 violations in 3 posts.\n"
    rows = Path(FILE).read_text(encoding="utf-8").splitlines()
    assert rows[0] == "postlint baseline 1"
    shape = [re.sub(r"\b[0-9a-f]{16}\b", "HASH", row) for row in rows if not row.startswith("#")][1:]
    assert shape == [
        "",
        "content/plum.md",
        "  text HASH Plum jam",
        "  REV001 HASH needs_review is set: true",
        "",
        "content/quince.md",
        "  text HASH Quince paste",
        "  REV001 HASH needs_review is set: true",
        "",
        "content/rye.md",
        "  text HASH Rye bread",
        "  IMG001 HASH image from the placeholder service placehold.co",
        "  REV001 HASH needs_review is set: true",
    ]
    assert reported() == []
    assert held() == 4
    assert said("content").code == 0
    assert said("content").output == "No violations in 3 posts. (4 in the baseline)\n"


def test_it_is_named_where_the_configuration_does_not() -> None:
    Path("postlint.toml").write_text('select = ["REV001"]\n', encoding="utf-8")
    os.mkdir("kept")
    done = said("baseline", "create", "content", "--baseline", "kept/known")
    assert done.output == (
        "Wrote kept/known: 3 violations in 3 posts.\n"
        'It holds where it is named: `--baseline kept/known`, or baseline = "kept/known" in postlint.toml.\n'
    )
    # Paths are relative to the file's folder.
    assert "\n../content/rye.md\n" in Path("kept/known").read_text(encoding="utf-8")
    assert len(reported()) == 3
    assert reported("content", "--baseline", "kept/known") == []
    Path("postlint.toml").write_text('select = ["REV001"]\nbaseline = "kept/known"\n', encoding="utf-8")
    assert reported() == []
    assert len(reported("content", "--no-baseline")) == 3


def test_it_holds_from_every_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    create()
    monkeypatch.chdir("content")
    assert reported(".") == []
    assert reported("rye.md") == []
    assert reported("../content") == []


def test_create_overwrites_nothing() -> None:
    create()
    before = Path(FILE).read_bytes()
    done = said("baseline", "create", "content")
    assert done.code == 2
    assert done.errors == (
        f"postlint: error: {FILE}: is there already; `postlint baseline update` brings it up to date\n"
    )
    assert Path(FILE).read_bytes() == before


def test_update_of_what_is_up_to_date_changes_no_byte() -> None:
    create()
    before = Path(FILE).read_bytes()
    assert said("baseline", "update", "content").output == f"Wrote {FILE}: 4 violations.\n"
    assert Path(FILE).read_bytes() == before
    said("baseline", "prune", "content")
    assert Path(FILE).read_bytes() == before


def test_a_write_that_fails_leaves_the_old_file(monkeypatch: pytest.MonkeyPatch) -> None:
    create()
    before = Path(FILE).read_bytes()
    post("plum", "Nothing of note.\n")

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    done = said("baseline", "prune", "content")
    assert (done.code, done.errors) == (2, f"postlint: error: {FILE}: can't be written: No space left on device\n")
    assert Path(FILE).read_bytes() == before
    assert sorted(os.listdir()) == [FILE, "content", "postlint.toml"]


HASH = "316887a522842a98"
NAMED = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1, max_size=12)
TEXTS = st.lists(NAMED, min_size=1, max_size=4).map(" ".join)
WAIVERS = st.builds(Waiver, TEXTS, st.one_of(st.just(""), TEXTS), st.one_of(st.none(), st.dates(date(1000, 1, 1))))
ENTRIES = st.builds(
    Entry,
    st.sampled_from(["REV001", "BP001", "HOUSE999"]),
    st.sampled_from([HASH, "0" * 16]),
    TEXTS,
    st.one_of(st.none(), WAIVERS),
)
PATHS = st.one_of(TEXTS, st.text(min_size=1, max_size=9), st.sampled_from(["a#2", "#", "<<<<<<< x", '"a"', " a", "a "]))
POSTS = st.lists(
    st.builds(
        KnownPost,
        PATHS,
        st.integers(0, 12),
        st.sampled_from([HASH, "-"]),
        st.one_of(st.just(""), TEXTS),
        st.lists(ENTRIES, min_size=1, max_size=3),
    ),
    max_size=3,
    unique_by=lambda known: (known.path, known.number),
)


def content(posts: list[KnownPost]) -> list[object]:
    """Everything that a file says but the rows."""
    return sorted(
        (
            known.path,
            known.number,
            known.text,
            known.title,
            sorted(repr(entry._replace(row=0)) for entry in known.entries),
        )
        for known in posts
    )


@given(POSTS)
def test_what_is_written_is_read(posts: list[KnownPost]) -> None:
    whole = "".join(written(posts))
    assert content(read_entries(whole, "x")) == content(posts)
    # With the line ends of another system.
    assert content(read_entries(whole.replace("\n", "\r\n"), "x")) == content(posts)


@pytest.mark.parametrize(
    ("body", "row", "words"),
    [
        ("", 1, 'not a baseline: the first line of one is "postlint baseline 1"'),
        ("postlint baseline 2\n", 1, 'not a baseline: the first line of one is "postlint baseline 1"'),
        (f"postlint baseline 1\n  REV001 {HASH} x\n", 2, "a violation before the path of a post"),
        ("postlint baseline 1\n\na.md\n  REV001 abc x\n", 4, "neither a violation"),
        (f"postlint baseline 1\na.md\n  REV001 {HASH}\n", 3, "neither a violation"),
        (f"postlint baseline 1\na.md\n REV001 {HASH} x\n", 3, "neither a violation"),
        (f"postlint baseline 1\na.md\n  REV001 {HASH} x\n  text {HASH} X\n", 4, "neither a violation"),
        ("postlint baseline 1\na.md\n    waived: why\n", 3, "neither a violation"),
        (f"postlint baseline 1\na.md\n  REV001 {HASH} x\n    waived by A: \n", 4, "a waiver without a reason"),
        (
            f"postlint baseline 1\na.md\n  REV001 {HASH} x\n    waived until 2026-02-30: y\n",
            4,
            "2026-02-30 is not a date",
        ),
        (f"postlint baseline 1\na.md\n  REV001 {HASH} x\n    waived until soon: y\n", 4, "neither a violation"),
        (f"postlint baseline 1\na.md\n  REV001 {HASH} x\n    waived: y\n    waived: z\n", 5, "a second waiver"),
        ('postlint baseline 1\n"a.md\n', 2, "not a path in quotation marks"),
        ("postlint baseline 1\n<<<<<<< HEAD\n", 2, "the conflict of a merge is not resolved"),
        ("postlint baseline 1\na.md\n=======\n", 3, "the conflict of a merge is not resolved"),
    ],
)
def test_what_is_no_baseline(body: str, row: int, words: str) -> None:
    with pytest.raises(UserError) as caught:
        read_entries(body, "known")
    assert str(caught.value).startswith(f"known:{row}: {words}")
    Path(FILE).write_text(body, encoding="utf-8")
    done = said("content")
    assert done.code == 2
    assert done.errors.startswith(f"postlint: error: {FILE}:{row}: {words}")
    assert done.output == ""


def test_a_missing_baseline_is_an_error() -> None:
    for arguments in (["content"], ["baseline", "update", "content"], ["baseline", "prune", "content"]):
        done = said(*arguments)
        assert done.code == 2
        assert done.errors == (
            f"postlint: error: {FILE}: there is no such baseline; `postlint baseline create` writes one\n"
        )
    assert said("content", "--baseline", "nowhere").code == 2
    assert said("content", "--no-baseline").code == 1


def test_one_that_is_no_text() -> None:
    Path(FILE).write_bytes(b"postlint baseline 1\n\xff\n")
    assert said("content").errors == f"postlint: error: {FILE}:2: is not UTF-8\n"
    Path(FILE).unlink()
    Path(FILE).mkdir()
    assert said("content").errors == f"postlint: error: {FILE}: can't be read: Is a directory\n"


def test_options_that_exclude_each_other() -> None:
    done = said("content", "--baseline", FILE, "--no-baseline")
    assert (done.code, "--baseline and --no-baseline exclude each other" in done.errors) == (2, True)


# What stays known


def test_inserted_lines_and_other_edits() -> None:
    create()
    post("rye", text("rye").replace("title", "author: Ada\ntitle").replace("One line", "## More\n\nA new line"))
    assert reported() == []
    assert gone() == []


def test_the_same_once_more_in_the_same_post_is_new() -> None:
    create()
    post("rye", text("rye") + IMAGE.format(height=400))
    assert reported() == [("rye", "IMG001")]
    post("rye", text("rye").replace("600x400", "600x500"))
    # Both are other images than the one that is known.
    assert reported() == [("rye", "IMG001"), ("rye", "IMG001")]
    assert gone() == [row_of("rye", "IMG001")]


def test_another_title_is_the_same_post() -> None:
    create()
    post("plum", FLAGGED.format(title="Plum jam, slowly"))
    assert reported() == []
    assert held() == 3 + 1


@pytest.mark.parametrize("with_git", [False, True])
def test_renamed_files(with_git: bool) -> None:
    create()
    if with_git:
        for command in (["init", "-q"], ["add", "."], ["mv", "content/rye.md", "content/bread.md"]):
            subprocess.run(["git", *command], check=True)
        assert reported("content/bread.md", "--staged") == []
    else:
        Path("content/rye.md").rename("content/bread.md")
    assert reported() == []
    assert reported("content/bread.md") == []
    assert gone() == []
    # With another title: by its body; with another body: by its title.
    post("bread", text("bread").replace("title: Rye bread", "title: Bread of rye"))
    assert reported() == []
    post("bread", text("bread").replace("Bread of rye", "Rye bread").replace("One line", "A few lines"))
    assert reported() == []
    post("bread", text("bread").replace("title: Rye bread", "title: Bread of rye"))
    assert reported() == [("bread", "REV001"), ("bread", "IMG001")]


def test_posts_of_one_title_are_told_by_their_texts() -> None:
    post("rye-2", FLAGGED.format(title="Rye bread").replace("One line", "Two lines"))
    create()
    Path("content/rye.md").rename("content/b.md")
    post("a", text("rye-2").replace("Two lines", "Some lines"))
    Path("content/rye-2.md").unlink()
    # The one that is as it was is that one, though the other one comes first.
    assert reported() == []


def test_renamed_and_folded_in() -> None:
    create()
    Path("content/rye.md").rename("content/bread.md")
    assert said("baseline", "update", "content").code == 0
    assert "content/rye.md" not in Path(FILE).read_text(encoding="utf-8")
    assert row_of("bread", "IMG001")
    assert reported() == []


def test_what_is_not_looked_for_moves_along() -> None:
    create()
    Path("content/rye.md").rename("content/bread.md")
    assert said("baseline", "prune", "content", "--select", "REV001").code == 0
    assert row_of("bread", "IMG001")
    assert reported() == []


def test_names_that_are_swapped_and_passed_on() -> None:
    create()
    Path("content/rye.md").rename("content/between")
    Path("content/plum.md").rename("content/rye.md")
    Path("content/between").rename("content/plum.md")
    assert reported() == []
    # A ring of three.
    Path("content/quince.md").rename("content/between")
    Path("content/plum.md").rename("content/quince.md")
    Path("content/rye.md").rename("content/plum.md")
    Path("content/between").rename("content/rye.md")
    assert reported() == []
    assert gone() == []


def test_a_copy_is_new_debt_beside_its_original() -> None:
    create()
    shutil.copy("content/plum.md", "content/again.md")
    assert reported() == [("again", "REV001")]
    assert reported("content/again.md") == [("again", "REV001")]
    # Even if the original has been mended in the meantime.
    post("plum", text("plum").replace("true", "false"))
    assert reported() == [("again", "REV001")]
    assert gone() == [row_of("plum", "REV001")]


def test_of_two_copies_one_is_the_post_that_was_renamed() -> None:
    create()
    shutil.copy("content/plum.md", "content/again.md")
    Path("content/plum.md").rename("content/jam.md")
    assert reported() == [("jam", "REV001")]
    assert held() == 4


def test_a_known_post_has_moved_to_one_place() -> None:
    create()
    image = text("rye").partition("\n![")[1]
    assert image
    post("first", text("rye").partition("\n![")[0])
    post("second", text("rye").replace("One line", "Two lines"))
    Path("content/rye.md").unlink()
    # Both have its title. The first of them is the post, whose image is gone; the second is a copy of it.
    assert reported() == [("second", "REV001"), ("second", "IMG001")]
    assert gone() == [row_of("rye", "IMG001")]


def test_a_post_in_the_place_of_another() -> None:
    """The flag of a post that is gone is no excuse for that of another one, though they read the same."""
    create()
    Path("content/plum.md").unlink()
    post("pear", FLAGGED.format(title="Pear juice"))
    assert reported() == [("pear", "REV001")]
    assert gone() == [row_of("plum", "REV001")]


def test_what_compares_posts_is_known_by_what_it_says() -> None:
    """A post that is known to be a copy of another one is still that under another title."""
    Path("postlint.toml").write_text(
        f'baseline = "{FILE}"\nselect = ["ND001"]\n[options.ND001]\nmin-words = 5\n', encoding="utf-8"
    )
    post("jam", text("plum"))
    create()
    assert len(json.loads(said("content", "--no-baseline", "--format", "json").output)["violations"]) == 2
    post("jam", text("jam").replace("title: Plum jam", "title: Jam"))
    assert reported() == []


def test_posts_of_a_file_of_many() -> None:
    """Their numbers change with every post before them."""
    rows = [
        json.dumps({"title": title, "needs_review": True, "body": f"Words about {title}, and no more than that."})
        for title in ("Rye", "Plum", "Fern", "")
    ]
    new = json.dumps({"title": "New", "needs_review": True, "body": "Words about something else."})
    path = Path("posts.jsonl")

    def write(*posts: str) -> None:
        path.write_text("".join(f"{post}\n" for post in posts), encoding="utf-8")

    def found(name: str = "posts.jsonl") -> list[tuple[int, str]]:
        output = said(name, "--format", "json", "--select", "REV001").output
        return [(violation["location"]["row"], violation["code"]) for violation in json.loads(output)["violations"]]

    write(*rows)
    assert said("baseline", "create", "posts.jsonl").code == 0
    assert "\nposts.jsonl#2\n" in Path(FILE).read_text(encoding="utf-8")
    assert found() == []
    write(rows[2], new, rows[0], rows[3], rows[1])
    assert found() == [(2, "REV001")]
    path.rename("other.jsonl")
    assert found("other.jsonl") == [(2, "REV001")]
    path = Path("other.jsonl")
    write(*rows, rows[1])
    assert len(found("other.jsonl")) == 1


# What is gone


def test_what_is_mended_is_gone_and_pruned() -> None:
    create()
    post("rye", text("rye").replace("placehold.co", "pictures.example"))
    row = row_of("rye", "IMG001")
    done = said("content")
    assert done.code == 0
    assert done.errors == (
        f"postlint: note: 1 violation of the baseline is gone ({FILE}:{row}); "
        "`postlint baseline prune` removes what is gone\n"
    )
    assert said("content", "--quiet").errors == ""
    done = said("baseline", "prune", "content")
    assert done.output == (
        "- content/rye.md: IMG001 image from the placeholder service placehold.co\n"
        f"Wrote {FILE}: 3 violations (1 gone).\n"
    )
    assert gone() == []
    post("rye", text("rye").replace("pictures.example", "placehold.co"))
    assert reported() == [("rye", "IMG001")]


def test_only_what_was_looked_at_can_be_gone() -> None:
    create()
    for name in ("rye", "plum"):
        post(name, text(name).replace("true", "false"))
    Path("content/quince.md").unlink()
    rows = [row_of("plum", "REV001"), row_of("quince", "REV001"), row_of("rye", "REV001")]
    assert gone() == rows
    assert gone("content/plum.md") == [rows[0]]
    assert gone("content", "--select", "IMG001") == []
    assert gone("content", "--select", "REV001") == rows
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "add", "."], check=True)
    assert gone("content/plum.md", "--staged") == [rows[0]]
    assert gone("content", "--staged") == [rows[0], rows[2]]
    before = Path(FILE).read_bytes()
    said("baseline", "prune", "content/plum.md")
    assert set(before.splitlines()) - set(Path(FILE).read_bytes().splitlines()) <= {
        row for row in before.splitlines() if b"plum" in row.lower()
    }
    assert gone() == [row_of("quince", "REV001"), row_of("rye", "REV001")]


def test_what_compares_posts_is_not_gone_for_one_post_alone() -> None:
    Path("postlint.toml").write_text(
        f'baseline = "{FILE}"\nselect = ["ND001"]\n[options.ND001]\nmin-words = 5\n', encoding="utf-8"
    )
    post("jam", text("plum"))
    create()
    row = row_of("jam", "ND001")
    assert gone("content/jam.md") == []
    assert gone() == []
    Path("content/plum.md").unlink()
    assert gone() == [row, row_of("plum", "ND001")]


def test_a_rule_that_is_no_longer_there() -> None:
    create()
    whole = Path(FILE).read_text(encoding="utf-8")
    Path(FILE).write_text(whole.replace("  IMG001 ", "  IMG999 "), encoding="utf-8")
    assert reported() == [("rye", "IMG001")]
    assert gone() == [row_of("rye", "IMG999")]


def test_a_message_in_other_words_is_the_same_violation() -> None:
    create()
    whole = Path(FILE).read_text(encoding="utf-8")
    Path(FILE).write_text(whole.replace("needs_review is set: true", "as it was worded once"), encoding="utf-8")
    assert reported() == []
    assert said("baseline", "update", "content").code == 0
    assert Path(FILE).read_text(encoding="utf-8") == whole


# Update


def test_update_swallows_nothing() -> None:
    create()
    before = Path(FILE).read_bytes()
    post("pear", FLAGGED.format(title="Pear juice"))
    done = said("baseline", "update", "content")
    assert done.code == 1
    assert done.output == (
        "+ content/pear.md:3:15: REV001 needs_review is set: true\n"
        f"{FILE} is left as it is: 1 new violation; mend them, waive them, or add them with --allow-new.\n"
    )
    assert Path(FILE).read_bytes() == before
    done = said("baseline", "update", "content", "--allow-new")
    assert done.code == 0
    assert done.output == (
        f"+ content/pear.md:3:15: REV001 needs_review is set: true\nWrote {FILE}: 5 violations (1 added).\n"
    )
    assert reported() == []


# Waivers


def waive(line: str) -> None:
    """A waiver of the flag of one post, written by hand."""
    rows = Path(FILE).read_text(encoding="utf-8").splitlines()
    rows.insert(row_of("plum", "REV001"), f"    {line}")
    Path(FILE).write_text("\n".join(rows) + "\n", encoding="utf-8")


def test_a_waiver_holds_through_its_last_day() -> None:
    create()
    waive("waived by Ada until 2026-12-31: the template sets it")
    assert reported(as_of="2026-12-31") == []
    assert reported(as_of="2027-01-01") == [("plum", "REV001")]
    done = said("content", as_of="2027-01-01")
    assert done.code == 1
    assert done.output.startswith(
        "content/plum.md:3:15: error REV001 needs_review is set: true "
        "(was waived by Ada until 2026-12-31: the template sets it) [needs-human-review]\n"
    )
    assert done.errors == "postlint: note: 1 waiver has expired\n"


def test_a_waiver_is_kept_and_moves_along() -> None:
    create()
    waive("waived: for good")
    assert reported(as_of="2099-01-01") == []
    Path("content/plum.md").rename("content/jam.md")
    said("baseline", "update", "content")
    rows = Path(FILE).read_text(encoding="utf-8").splitlines()
    assert rows[row_of("jam", "REV001")] == "    waived: for good"


def test_an_expired_waiver_is_not_new_and_not_taken_back() -> None:
    create()
    waive("waived until 2026-01-01: soon")
    assert said("baseline", "update", "content", "--allow-new").code == 0
    assert reported() == [("plum", "REV001")]


# Decisions


def decisions(*made: dict[str, object], version: object = 1) -> None:
    Path("decisions.json").write_text(json.dumps({"schema_version": version, "decisions": made}), encoding="utf-8")


def decided(name: str, decision: str, **more: object) -> dict[str, object]:
    """A decision on the flag of a post, in the form of the review report."""
    found = json.loads(said("content", "--no-baseline", "--format", "json").output)
    fingerprint = next(
        violation["fingerprint"]
        for violation in found["violations"]
        if (violation["path"], violation["code"]) == (f"content/{name}.md", "REV001")
    )
    return {
        "fingerprint": fingerprint, "code": "REV001", "path": f"content/{name}.md", "number": 0, "post": "",
        "decision": decision, "reason": "the template sets it", "assignee": "", "author": "Ada", "date": "2026-11-20",
        **more,
    }  # fmt: skip


def test_decisions_in_the_place_of_a_baseline() -> None:
    decisions(decided("plum", "waive"), decided("quince", "fix"), decided("rye", "assign", assignee="Bo"))
    arguments = ("content", "--baseline", "decisions.json")
    assert reported(*arguments, "--select", "REV001") == [("quince", "REV001"), ("rye", "REV001")]
    assert held(*arguments) == 1
    decisions(decided("plum", "waive", number=1), decided("quince", "waive", until="2026-11-19"))
    assert len(reported(*arguments, "--select", "REV001")) == 3
    assert "(was waived by Ada until 2026-11-19: the template sets it)" in said(*arguments).output


def test_decisions_are_folded_in() -> None:
    create()
    post("pear", FLAGGED.format(title="Pear juice"))
    unheard = decided("plum", "waive", path="content/none.md")
    decisions(decided("plum", "waive"), decided("pear", "waive", author=""), decided("rye", "fix"), unheard)
    done = said("baseline", "update", "content", "--decisions", "decisions.json")
    assert done.code == 0
    assert done.output == (
        "~ content/plum.md:3:15: REV001 needs_review is set: true\n"
        "~ content/pear.md:3:15: REV001 needs_review is set: true\n"
        "1 decision of what is not found any more.\n"
        f"Wrote {FILE}: 5 violations (2 waived).\n"
    )
    rows = Path(FILE).read_text(encoding="utf-8").splitlines()
    assert rows[row_of("plum", "REV001")] == "    waived by Ada: the template sets it"
    assert rows[row_of("pear", "REV001")] == "    waived: the template sets it"
    assert reported() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"decision": "waived"}, 'decision 1 is "waived"; it is one of fix, waive, assign; did you mean "waive"?'),
        ({"reason": "  "}, "decision 1 is a waiver without a reason"),
        ({"fingerprint": ""}, 'decision 1 has no "fingerprint"'),
        ({"path": 3}, 'decision 1 has no "path"'),
        ({"number": "x"}, 'decision 1: "number" is not a whole number'),
        ({"author": 3}, 'decision 1: "author" is not a text'),
        ({"until": "soon"}, 'decision 1: "until" is "soon", not a date such as 2026-11-20'),
    ],
)
def test_decisions_that_are_not_right(change: dict[str, object], words: str) -> None:
    decisions({**decided("plum", "waive"), **change})
    done = said("content", "--baseline", "decisions.json")
    assert (done.code, done.errors) == (2, f"postlint: error: decisions.json: {words}\n")


def test_files_that_are_no_decisions() -> None:
    create()
    for body, words in (
        ("{", "decisions.json:1: not valid JSON: Expecting property name enclosed in double quotes"),
        ("{}", 'decisions.json: not a file of decisions: it has no list "decisions"'),
        ('{"decisions": [], "schema_version": 2}', 'decisions.json: "schema_version" is 2; this version reads 1'),
        ('{"decisions": [3], "schema_version": 1}', "decisions.json: decision 1 is not an object"),
    ):
        Path("decisions.json").write_text(body, encoding="utf-8")
        assert said("content", "--baseline", "decisions.json").errors == f"postlint: error: {words}\n"
    assert said("baseline", "update", "content", "--decisions", FILE).errors == (
        f"postlint: error: {FILE}: not a file of decisions, such as the review report exports\n"
    )
    decisions()
    assert said("baseline", "update", "content", "--baseline", "decisions.json").errors == (
        "postlint: error: decisions.json: a file of decisions is no baseline; fold it in with "
        "`update --decisions decisions.json`\n"
    )


# Reports and the index


def test_reports_and_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("postlint.toml").write_text(
        f'baseline = "{FILE}"\nselect = ["REV001", "IMG001", "ND001"]\ncorpus = ["content"]\n', encoding="utf-8"
    )
    create()
    post("pear", FLAGGED.format(title="Pear juice"))
    post("plum", text("plum").replace("true", "false"))
    for _ in range(2):
        # The second run is given the report that the first one kept.
        assert reported("check") == [("pear", "REV001")]
        assert gone("check") == [row_of("plum", "REV001")]
        assert reported("content/rye.md") == []
        assert gone("content/plum.md") == [row_of("plum", "REV001")]
    assert len(reported("check", "--no-baseline")) == 4
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text("plum").encode()), encoding="utf-8"))
    assert gone("-", "--stdin-filename", "content/plum.md") == [row_of("plum", "REV001")]
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "add", "."], check=True)
    for _ in range(2):
        assert gone("check", "--staged") == [row_of("plum", "REV001")]
    sarif = json.loads(said("check", "--format", "sarif").output)["runs"][0]
    assert [rule["id"] for rule in sarif["tool"]["driver"]["rules"]] == ["REV001"]
    assert said("report", "content", "-o", "review.html").code == 0
