"""What rules say they need: asked for the posts that have it, they find what they find when asked for every post."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postlint import engine, readers, rules, scan
from postlint.dispatch import dispatcher
from postlint.loading import Files, Posts
from postlint.needs import Guarded, InParts, Needs, one_of
from postlint.post import Post
from postlint.rules import Inspect
from postlint.scan import scanner
from postlint.settings import Settings
from postlint.violations import Finding

AS_OF = date(2026, 11, 20)
RULES = {code: rule for code, rule in rules.all_rules().items() if rule.scope == "post"}
FIXTURES = Path(__file__).parents[1] / "fixtures" / "readers"
SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


def post_of(source: str, name: str = "post.md") -> Post:
    (post,) = readers.read(name, source.encode("utf-8", "surrogatepass"))
    return post


def shown(findings: Iterator[tuple[str, Finding]]) -> list[tuple[Any, ...]]:
    return [
        (code, found.start, found.end, dict(found.values), found.related, found.variant, found.minor)
        for code, found in findings
    ]


def asked_one_by_one(inspections: list[tuple[str, Inspect]], post: Post) -> Iterator[tuple[str, Finding]]:
    for code, inspect in inspections:
        for found in inspect(post):
            yield code, found


def bound(options: dict[str, dict[str, Any]] | None = None) -> list[tuple[str, Inspect]]:
    return [(code, cast(Inspect, rule.bind((options or {}).get(code, {}), AS_OF))) for code, rule in RULES.items()]


def example_posts() -> Iterator[Post]:
    for rule in RULES.values():
        for example in rule.examples():
            text = example.get("bad", example.get("good"))
            for name, source in (text if isinstance(text, dict) else {"post.md": text}).items():
                with closing(Posts(Files({name: source.encode("utf-8", "surrogatepass")}))) as posts:
                    yield from posts.of(name)


def test_rules_find_in_every_example_what_they_find_when_asked_one_by_one() -> None:
    inspections = bound()
    dispatch = dispatcher(inspections, with_numpy=True)
    posts = list(example_posts())
    assert len(posts) > 2 * len(RULES)
    found = 0
    for post in posts:
        expected = shown(asked_one_by_one(inspections, post))
        assert shown(dispatch(post)) == expected
        found += len(expected)
    assert found > 2 * len(RULES)


@pytest.mark.parametrize("folder", [FIXTURES, SEEDS], ids=["fixtures", "seeds"])
def test_rules_find_in_files_what_they_find_when_asked_one_by_one(folder: Path) -> None:
    if not folder.is_dir():
        pytest.skip("the sample posts are not part of the project")
    inspections = bound()
    dispatch = dispatcher(inspections)
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in readers.FORMATS]
    assert paths
    with closing(Posts(Files())) as posts:
        for path in paths:
            for post in posts.of(path.as_posix()):
                looked_at = post.decoded.post if post.decoded else post
                assert shown(dispatch(looked_at)) == shown(asked_one_by_one(inspections, looked_at)), path


def test_with_options_of_the_user_too() -> None:
    options = {
        "REV010": {"markers": ["À FAIRE", "XXX"]},
        "REV012": {"extra-patterns": ["%[a-z]+%"]},
        "REV014": {"comments": True},
    }
    inspections = bound(options)
    post = post_of("À FAIRE: measure.\n\nDear %name%, <!-- todo: cut this --> hello.\n")
    found = shown(dispatcher(inspections)(post))
    assert [code for code, *_ in found if code in options] == ["REV010", "REV012", "REV014"]
    assert found == shown(asked_one_by_one(inspections, post))


def recorder(needs: Needs | None, asked: list[str], name: str) -> Inspect:
    def inspect(post: Post) -> Iterator[Finding]:
        asked.append(name)
        yield Finding(0, 0, {"name": name})

    return inspect if needs is None else Guarded(inspect, needs)


NEEDS = {
    "nothing said": None,
    "nothing": Needs(),
    "draft": Needs(fields=one_of("draft")),
    "draft and status": Needs(fields=frozenset({frozenset({"draft", "status"})})),
    "slow title": Needs(fields=one_of("title", "summary"), values=frozenset({"slow", "dull"})),
    "slow title or images": Needs(fields=one_of("title"), values=frozenset({"slow"}), images=True),
    "images": Needs(images=True),
    "problems": Needs(problems=True),
    "ipsum": Needs(literals=frozenset({"ipsum"})),
    "{>>": Needs(literals=frozenset({"{>>"})),
    "TBD": Needs(exact=frozenset({"TBD"})),
    "Ã": Needs(exact=frozenset({"Ã"})),
    "note": Needs(brackets=frozenset({"note"})),
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Nothing here.\n", []),
        ("---\ndraft: no\n---\nText.\n", ["draft"]),
        ("---\nstatus: live\n---\nText.\n", []),
        ("---\ndraft: no\nstatus: live\n---\nText.\n", ["draft", "draft and status"]),
        ("![a](b.png)\n", ["slow title or images", "images"]),
        ("---\ntitle: Slowly\n---\nText.\n", ["slow title", "slow title or images"]),
        ("---\ntitle: Fast\nabstract: A DULL text\n---\nText.\n", ["slow title"]),
        ("---\ntitle: Fast\nmood: dull\n---\nslow dull\n", []),
        ('---\ntitle: "\\x73low"\n---\nText.\n', ["slow title", "slow title or images"]),
        ("---\nmood: [\n---\nText.\n", ["problems"]),
        ("Lorem IPSUM dolor.\n", ["ipsum"]),
        ("A {>> note <<}.\n", ["{>>"]),
        ("A { >> note.\n", []),
        ("tbd\n", []),
        ("TBD\n", ["TBD"]),
        ("T, B and D\n", []),
        ("SÃO\n", ["Ã"]),
        ("[Note to self]\n", ["note"]),
        ("[\\_Note_]\n", ["note"]),
        ("A note. [Notes]\n", []),
    ],
)
def test_a_rule_is_asked_only_where_what_it_needs_is(source: str, expected: list[str]) -> None:
    asked: list[str] = []
    dispatch = dispatcher([(name, recorder(needs, asked, name)) for name, needs in NEEDS.items()])
    found = [code for code, _ in dispatch(post_of(source))]
    assert asked == ["nothing said", *expected]
    assert found == asked


def test_parts_are_asked_each_by_itself_and_under_one_code() -> None:
    asked: list[str] = []
    parts = [recorder(NEEDS[name], asked, name) for name in ("draft", "ipsum", "TBD")]
    rule = InParts(tuple(part for part in parts if isinstance(part, Guarded)))
    found = [code for code, _ in dispatcher([("X001", rule)])(post_of("---\ndraft: no\n---\nTBD\n"))]
    assert asked == ["draft", "TBD"]
    assert found == ["X001", "X001"]


TEXTS = st.text(st.sampled_from("aAbBtTxXjJ{>-_ [^éÃ\n"), min_size=1, max_size=7)


@given(
    source=st.text(st.sampled_from("aAbBtTxXjJ{>-_ [^éÃ\n\ud800"), max_size=40),
    exact=st.frozensets(TEXTS, max_size=4),
    literals=st.frozensets(TEXTS.map(str.lower).filter(str.isascii), max_size=4),
    with_numpy=st.booleans(),
)
def test_a_source_is_searched_for_whatever_texts(
    source: str, exact: frozenset[str], literals: frozenset[str], with_numpy: bool
) -> None:
    needs = [
        *(Needs(exact=frozenset({text})) for text in sorted(exact)),
        None,
        *(Needs(literals=frozenset({text})) for text in sorted(literals)),
    ]
    lowered = "".join(letter.lower() if letter.isascii() else letter for letter in source)
    expected = {number for number, text in enumerate(sorted(exact)) if text in source}
    expected |= {len(exact) + 1 + number for number, text in enumerate(sorted(literals)) if text in lowered}
    with pytest.MonkeyPatch.context() as patch:
        # However few the texts, they are looked for at once.
        patch.setattr(scan, "MANY", 1)
        assert scanner(needs, with_numpy)(source) == expected


@pytest.mark.parametrize(
    ("literal", "source"), [("-xx", "2025-XX-12"), ("-xx", "a-xX"), ("{b>", "{B>"), ("{t>d", "{T>D"), ("a_b", "A_B")]
)
def test_a_literal_is_found_in_any_case(literal: str, source: str) -> None:
    # The capitals of the other rule's text are rare bytes for it, and none for this one.
    needs = [Needs(exact=frozenset({"TBD", "[^"})), Needs(literals=frozenset({literal}))]
    assert scanner(needs)(f"Nothing else {source} here.") == {1}
    assert scanner(needs)("Nothing else here: - x x { b > t > d a _ b") == set()


def test_a_report_without_comparisons_is_that_of_a_run_with_them() -> None:
    # Without rules that compare posts no facts are taken; rows, titles and counts then come from the posts.
    sources = {
        "a.md": "---\ntitle: Words\nneeds_review: true\nreviewed: 2026-01-02\nstatus: draft\n---\n\nTODO: more.\n",
        "b.md": "---\r\ntitle: Others\r\nreviewed: 2020-01-02\r\nneeds_review: yes\r\n---\r\n\r\nSee [Your Name].\r\n",
        "c.txt": "No meta, no title, and TBD: all of it.\n",
        "d.md": "\x00",
    }
    single = tuple(sorted(RULES))
    settings = Settings(codes=single, as_of=AS_OF)
    with_comparison = Settings(codes=(*single, "ND002"), as_of=AS_OF)
    report = engine.check_sources(sources, settings)
    assert report == engine.check_sources(sources, with_comparison)
    assert any(violation.related for violation in report.violations)
    assert {violation.post for violation in report.violations} >= {"Words", "Others", ""}
