"""Rules: one YAML file each under `rules/`, read into a Rule; the file is the registration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from postlint import HOME, rule_cache
from postlint.errors import UserError, nearest
from postlint.lazy_pattern import lazy_pattern
from postlint.violations import Finding, Severity

if TYPE_CHECKING:
    from postlint.corpus import Corpus
    from postlint.judges.subject import Judge
    from postlint.post import Post
    from postlint.silenced import Silenced

Options = Mapping[str, Any]
Inspect = Callable[["Post"], Iterable[Finding]]
"""A check bound to a rule's options: the findings of one post."""
Compare = Callable[["Corpus"], Iterable[Finding]]
"""A check bound to a rule's options: the findings of all posts together, in any order."""
Audit = Callable[["Silenced", Callable[[str], bool]], Iterable[Finding]]
"""A check bound to a rule's options: the findings of a file's suppressions, asked which rules were run."""

_HERE = Path(__file__).parent
FIELD = lazy_pattern(r"\{([a-z_]+)(:s)?\}")
_KEYS = {
    "code", "name", "scope", "check", "severity", "minor-severity", "default", "message", "summary", "why", "fix",
    "ignore-when", "sources", "with", "options", "yields-to", "autofix", "examples",
}  # fmt: skip
_REQUIRED = ("code", "name", "scope", "check", "severity", "message", "summary", "why", "fix")
_EXAMPLES = lazy_pattern(r"^examples:", re.MULTILINE)


class Option(NamedTuple):
    """One option of a rule: its name, default and what it does."""

    name: str
    default: Any
    help: str


@dataclass(frozen=True, slots=True)
class AutoFix:
    """How violations of a rule are mended: the module under `postlint/fixes/`, and what it is told."""

    safety: Literal["safe", "unsafe"]
    edit: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as its file says it. `options` hold the defaults; a run binds them with the user's on top."""

    code: str
    name: str
    scope: Literal["post", "corpus", "suppressions"]
    check: str
    severity: Severity
    minor_severity: Severity
    default: bool
    message: str | Mapping[str, str]
    summary: str
    why: str
    fix: str
    ignore_when: str
    sources: tuple[str, ...]
    parameters: Mapping[str, Any]
    options: tuple[Option, ...]
    yields_to: tuple[str, ...]
    autofix: AutoFix | None
    path: Path = field(repr=False)
    house: bool = False
    """Whether it is the user's own: then nobody keeps a page of it."""

    @property
    def url(self) -> str:
        """Where the rule's page stands; empty where it has none."""
        return "" if self.house else f"{HOME}/blob/main/docs/rules.md#{self.code.lower()}-{self.name}"

    def render(self, finding: Finding) -> str:
        """The message of a finding."""
        message = self.message
        if not isinstance(message, str):
            message = message[finding.variant]
        # Not str.format: a message may come from a user's rule, and format fields can reach attributes.
        return FIELD.sub(lambda match: _filled(finding.values[match[1]], bool(match[2])), message)

    def bind(self, options: Options, as_of: date) -> Inspect | Compare | Audit:
        """The rule's check, ready to run: its module's `bind` with the rule's parameters and options."""
        module = import_module(f"postlint.checks.{self.check}")
        bound: Inspect | Compare | Audit = module.bind({**self.defaults(), **options, **self.parameters}, as_of)
        return bound

    def judge(self, options: Options, as_of: date) -> Judge | None:
        """What the rule's check, which compares posts, finds in one post by an index: bound as the check is.

        None where that takes all posts, by the nature of the check or by an option.
        """
        name = f"postlint.judges.{self.check}"
        try:
            module = import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            return None
        bound: Judge | None = module.bind({**self.defaults(), **options, **self.parameters}, as_of)
        return bound

    def defaults(self) -> dict[str, Any]:
        """Every option with its default value."""
        return {option.name: option.default for option in self.options}

    def examples(self) -> Sequence[Mapping[str, Any]]:
        """The examples of the rule's file: they are its tests and its documentation."""
        found: Sequence[Mapping[str, Any]] = _load(self.path, whole=True).get("examples", ())
        return found


def _filled(value: object, plural: bool) -> str:
    """A value in a message; of `{posts:s}` only the s, for one post and two posts."""
    if plural:
        return "" if value == 1 else "s"
    return _shown(value)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(item) for item in value)
    return str(value)


def folder() -> Path:
    """The folder of the rule files: inside the package when installed, beside it in a checkout."""
    inside = _HERE / "rules"
    return inside if inside.is_dir() else _HERE.parent / "rules"


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every rule of the project by its code, in the order of the codes."""
    here = folder()
    key = rule_cache.key_of(here)
    contents = rule_cache.read(key)
    if contents is None:
        contents = {path.name: _load(path, whole=False) for path in sorted(here.glob("*.yaml"))}
        rules = [_rule(here / name, raw) for name, raw in contents.items()]
        if rule_cache.key_of(here) == key:
            rule_cache.write(key, contents)
    else:
        rules = [_rule(here / name, raw) for name, raw in contents.items()]
    return {rule.code: rule for rule in rules}


def with_house(house: Sequence[Rule]) -> Mapping[str, Rule]:
    """Every rule by its code, the user's own last."""
    return {**all_rules(), **{rule.code: rule for rule in house}} if house else all_rules()


def find(name: str) -> Rule | None:
    """The project's rule of a code or name, in any case; reads no more files than it must. None where there is none."""
    for path in folder().glob(f"{name.upper()}-*.yaml"):
        return read_rule(path)
    for path in folder().glob(f"*-{name.lower()}.yaml"):
        if path.stem.partition("-")[2] == name.lower():
            return read_rule(path)
    return None


def named(name: str, rules: Mapping[str, Rule]) -> Rule:
    """The rule of a code or name among rules. Raises UserError, with the nearest, where there is none."""
    for code, rule in rules.items():
        if name.upper() == code or name.lower() == rule.name:
            return rule
    raise UserError(f'no rule "{name}"{hint_at(name, rules)}')


def hint_at(name: str, rules: Mapping[str, Rule]) -> str:
    """A hint at the code or name nearest to one that does not exist."""
    return nearest(name, [*rules, *(rule.name for rule in rules.values())])


def select(selectors: Iterable[str], rules: Mapping[str, Rule], where: str = "") -> Iterator[str]:
    """The codes that selectors mean among rules: codes, prefixes of codes, names, or ALL.

    Raises UserError, with the nearest valid selector and `where` it was written, for one that means nothing.
    """
    for selector in selectors:
        upper = selector.upper()
        if upper == "ALL":
            yield from rules
            continue
        codes = [code for code, rule in rules.items() if code.startswith(upper) or rule.name == selector.lower()]
        if not codes or not upper:
            raise UserError(f'{where}no rule "{selector}"{hint_at(selector, rules)}')
        yield from codes


def read_rule(path: Path) -> Rule:
    """Read one rule file. Raises UserError that names the file where it is not a rule."""
    return _rule(path, _load(path, whole=False))


def _rule(path: Path, raw: Mapping[str, Any]) -> Rule:
    for key in raw:
        if key not in _KEYS:
            raise UserError(f'{path}: unknown key "{key}"{nearest(str(key), _KEYS)}')
    for key in _REQUIRED:
        if key not in raw:
            raise UserError(f'{path}: the key "{key}" is missing')
    return made(path, raw)


def made(path: Path, raw: Mapping[str, Any], *, house: bool = False) -> Rule:
    """A rule of what its file says, which is known to be right."""
    severity = Severity.of(raw["severity"])
    return Rule(
        code=raw["code"],
        name=raw["name"],
        scope=raw["scope"],
        check=raw["check"],
        severity=severity,
        minor_severity=Severity.of(raw.get("minor-severity", raw["severity"])),
        default=raw.get("default", True),
        message=raw["message"],
        summary=raw["summary"].strip(),
        why=raw["why"].strip(),
        fix=raw["fix"].strip(),
        ignore_when=raw.get("ignore-when", "").strip(),
        sources=tuple(raw.get("sources", ())),
        parameters=raw.get("with", {}),
        options=tuple(
            Option(name, option["default"], option["help"]) for name, option in raw.get("options", {}).items()
        ),
        yields_to=tuple(raw.get("yields-to", ())),
        autofix=_autofix(raw["autofix"]) if "autofix" in raw else None,
        path=path,
        house=house,
    )


def _autofix(raw: Mapping[str, Any]) -> AutoFix:
    parameters = {key: value for key, value in raw.items() if key not in ("safety", "edit")}
    return AutoFix(raw["safety"], raw["edit"], parameters)


def _load(path: Path, *, whole: bool) -> dict[str, Any]:
    import yaml

    text = path.read_text(encoding="utf-8")
    if not whole:
        # The examples are three quarters of a file, stand last, and no run needs them.
        match = _EXAMPLES.search(text)
        text = text[: match.start()] if match else text
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        raw = yaml.load(text, Loader=loader)
    except yaml.YAMLError as error:
        raise UserError(f"{path}: {error}") from error
    if not isinstance(raw, dict):
        raise UserError(f"{path}: a rule file is a mapping")
    return raw
