"""What is known of the needs of rules: the same findings by it as without, few checks made ready, nothing outdated."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from postlint import known_needs, program, readers, rules, user_cache
from postlint.dispatch import dispatcher
from postlint.loading import Files, Posts
from postlint.needs import needs_of, parts_of
from postlint.post import Post
from postlint.rules import Inspect, Rule
from postlint.violations import Finding

AS_OF = date(2026, 11, 20)
RULES = [rule for rule in rules.all_rules().values() if rule.scope == "post"]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setattr(user_cache, "SETTLED_AFTER", -(10**12))


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes of the rules that are bound, as they are."""
    found: list[str] = []
    bind = Rule.bind

    def noted(rule: Rule, *arguments: Any) -> Any:
        found.append(rule.code)
        return bind(rule, *arguments)

    monkeypatch.setattr(Rule, "bind", noted)
    return found


def example_posts() -> Iterator[Post]:
    for rule in RULES:
        for example in rule.examples():
            text = example.get("bad", example.get("good"))
            for name, source in (text if isinstance(text, dict) else {"post.md": text}).items():
                with closing(Posts(Files({name: source.encode("utf-8", "surrogatepass")}))) as posts:
                    yield from posts.of(name)


def shown(inspections: list[tuple[str, Inspect]], post: Post) -> list[tuple[Any, ...]]:
    def values(code: str, found: Finding) -> tuple[Any, ...]:
        return code, found.start, found.end, dict(found.values), found.related, found.variant, found.minor

    return [values(code, found) for code, found in dispatcher(inspections)(post)]


def test_rules_find_the_same_whether_their_needs_are_known_or_not(bound: list[str]) -> None:
    first = known_needs.inspections(RULES, AS_OF)
    assert len(bound) == len(RULES)
    second = known_needs.inspections(RULES, AS_OF)
    assert len(bound) == len(RULES)
    assert [code for code, _ in second] == [rule.code for rule in RULES]
    eager, lazy = dispatcher(first), dispatcher(second)
    total = 0
    for post in example_posts():
        expected = list(eager(post))
        assert list(map(repr, lazy(post))) == list(map(repr, expected))
        total += len(expected)
    assert total > 2 * len(RULES)


def test_only_rules_that_a_post_can_concern_are_bound(bound: list[str]) -> None:
    known_needs.inspections(RULES, AS_OF)
    bound.clear()
    (post,) = readers.read("post.md", b"Plain words.\n\nLorem ipsum dolor sit amet.\n")
    codes = [code for code, *_ in shown(known_needs.inspections(RULES, AS_OF), post)]
    assert "REV011" in codes
    assert "REV011" in bound
    assert len(bound) == len(set(bound))
    called = set(bound)
    silent = {rule.code for rule in RULES if any(needs_of(part) is None for part in parts_of(inspect_of(rule)))}
    assert {"IMG001", "LLM001", "MET028", "REV001"} & {*called, *silent} == set()


def inspect_of(rule: Rule) -> Inspect:
    return cast(Inspect, rule.bind({}, AS_OF))


def test_needs_do_not_depend_on_the_day() -> None:
    for rule in RULES:
        needs = [
            [needs_of(part) for part in parts_of(cast(Inspect, rule.bind({}, day)))]
            for day in (AS_OF, date(2001, 2, 3), date(2101, 4, 5))
        ]
        assert needs[0] == needs[1] == needs[2], rule.code


def test_a_rule_that_is_not_known_is_added(bound: list[str]) -> None:
    known_needs.inspections(RULES[:3], AS_OF)
    known_needs.inspections(RULES[1:5], AS_OF)
    assert bound == [rule.code for rule in RULES[:5]]
    known_needs.inspections(RULES[:5], AS_OF)
    assert len(bound) == 5


@pytest.mark.parametrize("other", ["program", "rules"])
def test_of_another_program_or_other_rules_nothing_is_known(
    other: str, bound: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    known_needs.inspections(RULES[:3], AS_OF)
    if other == "program":
        version, newest, total = program.state()
        monkeypatch.setattr(program, "state", lambda: (version, newest, total + 1))
    else:
        key_of = known_needs.rule_cache.key_of
        monkeypatch.setattr(known_needs.rule_cache, "key_of", lambda folder: (*key_of(folder)[:3], ()))
    known_needs.inspections(RULES[:3], AS_OF)
    assert len(bound) == 6


def test_what_has_just_changed_is_not_kept(bound: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_cache, "SETTLED_AFTER", 2 * 10**9)
    version, _, total = program.state()
    monkeypatch.setattr(program, "state", lambda: (version, known_needs.time.time_ns() - 10**9, total))
    known_needs.inspections(RULES[:3], AS_OF)
    known_needs.inspections(RULES[:3], AS_OF)
    assert len(bound) == 6


def test_the_state_of_the_program_is_told_by_each_of_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "package"
    (package / "checks").mkdir(parents=True)
    paths = [package / "program.py", package / "checks" / "one.py", package / "checks" / "two.py"]
    for path in paths:
        path.write_text("x = 1\n", encoding="utf-8")
    monkeypatch.setattr(program, "__file__", str(paths[0]))
    seen = [program.state.__wrapped__()]
    (package / "notes.txt").write_text("nothing of it", encoding="utf-8")
    assert program.state.__wrapped__() == seen[0]
    paths[2].write_text("x = 22\n", encoding="utf-8")
    seen.append(program.state.__wrapped__())
    paths[1].rename(paths[1].with_name("three.py"))
    seen.append(program.state.__wrapped__())
    paths[2].unlink()
    seen.append(program.state.__wrapped__())
    assert len(set(seen)) == 4


def test_an_installed_program_is_told_by_what_was_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package, record = tmp_path / "postlint", tmp_path / f"postlint-{program.__version__}.dist-info" / "RECORD"
    package.mkdir()
    record.parent.mkdir()
    (package / "program.py").write_text("x = 1\n", encoding="utf-8")
    monkeypatch.setattr(program, "__file__", str(package / "program.py"))
    # The list of an editable installation names a path file and itself.
    record.write_text("_postlint.pth,sha256=aaa,10\n", encoding="utf-8")
    assert program.state.__wrapped__()[1] > 0
    rows = ["postlint/program.py,sha256=abc,6", "postlint/rules/A.yaml,sha256=def,9", "postlint-0.dist-info/RECORD,,"]
    seen = []
    for listed in (rows, rows[::-1], [*rows, "../../bin/postlint,sha256=ghi,9"], [rows[0], rows[1].replace("d", "e")]):
        record.write_text("\n".join(listed), encoding="utf-8")
        os.utime(package / "program.py", ns=(0, len(seen) * 10**12))
        seen.append(program.state.__wrapped__())
    assert seen[0][1] == 0
    # Neither times, nor order, nor what else was installed counts; the rules do.
    assert seen[0] == seen[1] == seen[2] != seen[3]
