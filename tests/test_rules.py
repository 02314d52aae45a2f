"""Every rule file: its keys, its options, its words, and each of its examples run as a user would run it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from postlint import house_rules, placed, rules
from postlint.engine import check_sources
from postlint.readers import FORMATS
from postlint.rules import Rule
from postlint.settings import Settings
from postlint.violations import Finding

AS_OF = date(2026, 11, 20)
RULES = rules.all_rules()
CHECKS = Path(rules.__file__).parent / "checks"
EXAMPLE_KEYS = {"bad", "good", "violations", "options", "as-of", "also-run"}
FIELD = re.compile(r"\{([a-z_]+)(?::s)?\}")
EXPECTED = re.compile(r"(?:(?P<path>\S+) )?\d+:\d+-\d+:\d+ (?P<message>.+)", re.DOTALL)

Example = Mapping[str, Any]


def cases() -> Iterator[Any]:
    """Every example of every rule, named by code and position."""
    for code, rule in RULES.items():
        for number, example in enumerate(rule.examples(), 1):
            kind = "bad" if "bad" in example else "good"
            yield pytest.param(rule, example, id=f"{code}-{number}-{kind}")


def sources(example: Example) -> Mapping[str, str]:
    text = example["bad"] if "bad" in example else example["good"]
    return text if isinstance(text, dict) else {"post.md": text}


def reported(rule: Rule, example: Example) -> list[str]:
    """The violations of an example as its file writes them."""
    as_of = example.get("as-of", AS_OF)
    options = {rule.code: example.get("options", {})}
    codes = (rule.code, *example.get("also-run", ()))
    report = check_sources(sources(example), Settings(codes=codes, as_of=as_of, options=options))
    text = example["bad"] if "bad" in example else example["good"]
    found = []
    for violation in report.violations:
        assert violation.code in codes
        if violation.code != rule.code:
            continue
        start, end = violation.location, violation.end_location
        prefix = f"{violation.path} " if isinstance(text, dict) else ""
        found.append(f"{prefix}{start.row}:{start.column}-{end.row}:{end.column} {violation.message}")
    return found


@pytest.mark.parametrize(("rule", "example"), list(cases()))
def test_example(rule: Rule, example: Example) -> None:
    assert reported(rule, example) == list(example.get("violations", ()))


@pytest.mark.parametrize("rule", list(RULES.values()), ids=list(RULES))
def test_rule_is_shown_by_examples(rule: Rule) -> None:
    bad = [example for example in rule.examples() if "bad" in example]
    good = [example for example in rule.examples() if "good" in example]
    assert len(bad) >= 2, "two bad examples"
    assert len(good) >= 3, "three tempting good ones"


@pytest.mark.parametrize(("rule", "example"), list(cases()))
def test_example_is_well_formed(rule: Rule, example: Example) -> None:
    assert set(example) <= EXAMPLE_KEYS
    assert ("bad" in example) != ("good" in example)
    assert bool(example.get("violations")) == ("bad" in example), "violations are what makes an example bad"
    assert set(example.get("also-run", ())) <= set(RULES)
    assert set(example.get("options", ())) <= {option.name for option in rule.options}
    assert isinstance(example.get("as-of", AS_OF), date)
    for path in sources(example):
        assert Path(path).suffix in FORMATS
    for line in example.get("violations", ()):
        match = EXPECTED.fullmatch(line)
        assert match is not None, line
        assert (match["path"] is not None) == isinstance(example["bad"], dict), line


@pytest.mark.parametrize("rule", list(RULES.values()), ids=list(RULES))
def test_every_message_is_pinned(rule: Rule) -> None:
    """Each wording of a rule, its variants included, stands in one of its examples, so a changed word is seen."""
    messages = [rule.message] if isinstance(rule.message, str) else list(rule.message.values())
    pinned = [
        match["message"]
        for example in rule.examples()
        for line in example.get("violations", ())
        if (match := EXPECTED.fullmatch(line)) is not None
    ]
    for message in messages:
        shape = ".*".join(re.escape(part) for part in FIELD.split(message)[::2])
        assert any(re.fullmatch(shape, line, re.DOTALL) for line in pinned), message


@pytest.mark.parametrize("rule", list(RULES.values()), ids=list(RULES))
def test_words_and_name(rule: Rule) -> None:
    assert rule.path.name == f"{rule.code}-{rule.name}.yaml"
    assert re.fullmatch(r"[A-Z]{2,3}\d{3}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", rule.name)
    assert rule.scope in ("post", "corpus", "suppressions")
    assert rule.minor_severity <= rule.severity
    for words in (rule.summary, rule.why, rule.fix):
        assert len(words.split()) >= 3, words
        assert words.endswith("."), words
    messages = [rule.message] if isinstance(rule.message, str) else list(rule.message.values())
    for message in messages:
        assert not message.endswith("."), "a message is no sentence"
        assert "\n" not in message
    for option in rule.options:
        assert option.help.strip().endswith("."), option.name
    assert set(rule.yields_to) <= set(RULES) - {rule.code}


def test_names_are_unique() -> None:
    names = [rule.name for rule in RULES.values()]
    assert len(set(names)) == len(names)
    assert len(RULES) == len(list(rules.folder().glob("*.yaml")))


class Recorded(dict[str, Any]):
    """Options that remember which of them were read."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.read.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.read.add(key)
        return super().get(key, default)


@pytest.mark.parametrize("rule", list(RULES.values()), ids=list(RULES))
def test_every_option_is_read(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """An option that its check never looks at, however often the examples run, would be a promise not kept."""
    module = import_module(f"postlint.checks.{rule.check}")
    bind = module.bind
    given: list[Recorded] = []

    def recording(options: Mapping[str, Any], as_of: date) -> Any:
        given.append(Recorded(options))
        return bind(given[-1], as_of)

    monkeypatch.setattr(module, "bind", recording)
    for example in rule.examples():
        reported(rule, example)
    read = set().union(*(options.read for options in given))
    assert {*rule.defaults(), *rule.parameters} - read == set()
    assert not set(rule.defaults()) & set(rule.parameters), "a parameter would hide the option"


@pytest.mark.parametrize("rule", list(RULES.values()), ids=list(RULES))
def test_rule_has_the_shape_of_its_check(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the project's rules is one that a user could have written: its check says all that it takes."""
    module = import_module(f"postlint.checks.{rule.check}")
    assert hasattr(module, "SHAPE"), "in SHAPE, beside its `bind`, a check says what it takes and gives"
    monkeypatch.setattr(house_rules, "_clashes", lambda placed, others: iter(()))
    source = placed.read(rule.path.read_text(encoding="utf-8"), rule.path.name)
    assert [found.words for found in house_rules._mistakes(source, ())] == []
    assert rule.scope == module.SHAPE.scope


@pytest.mark.parametrize("rule", list(RULES.values()), ids=list(RULES))
def test_findings_have_the_values_that_the_check_promises(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    promised = house_rules.shape_of(rule.check).gives_for({**rule.defaults(), **rule.parameters})
    rendered: list[Finding] = []
    render = Rule.render

    def recording(self: Rule, finding: Finding) -> str:
        if self.code == rule.code:
            rendered.append(finding)
        return render(self, finding)

    monkeypatch.setattr(Rule, "render", recording)
    for example in rule.examples():
        reported(rule, example)
    assert rendered
    for finding in rendered:
        assert promised[finding.variant] <= set(finding.values)


def test_every_check_serves_a_rule() -> None:
    """A module with a `bind` is a check; the others in the folder are what checks share."""
    modules = {path.stem for path in CHECKS.glob("*.py") if path.stem != "__init__"}
    checks = {name for name in modules if hasattr(import_module(f"postlint.checks.{name}"), "bind")}
    assert checks == {rule.check for rule in RULES.values()}


@pytest.mark.parametrize("rule", list(RULES.values()), ids=list(RULES))
def test_rule_file_is_found_by_code_and_by_name(rule: Rule) -> None:
    assert rules.find(rule.code.lower()).path == rule.path
    assert rules.find(rule.name).path == rule.path
