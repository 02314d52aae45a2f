"""Pages of rules, made of the rule files: for `postlint rule`, docs/rules.md and the table of the README.

`python -m postlint.documentation` writes the two files of a checkout; with `--check` it only names those out of date.
"""

from __future__ import annotations

import json
import os
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from postlint.rules import Rule, all_rules

WIDTH = 100
EXAMPLES = 2
"""Examples of a kind on a rule's page: its file has all of them, and they are its tests."""
FAMILIES = {
    "FMT": "Input and format",
    "BP": "Repeated boilerplate",
    "ND": "Near-duplicates and identity",
    "IMG": "Images",
    "MET": "Meta plausibility",
    "DAT": "Dates",
    "REV": "Review",
    "LLM": "Left over from a chat",
    "STY": "Style",
    "SEO": "Search engines",
}
SCOPES = {
    "post": "looks at each post by itself",
    "corpus": "compares posts",
    "suppressions": "looks at what posts ask not to be reported",
}
TABLE_START = "<!-- rules: made by `python -m postlint.documentation` -->"
TABLE_END = "<!-- end of rules -->"
_CHECKOUT = Path(__file__).parents[1]
_SAMPLE = re.compile(
    r"(?P<before><!-- sample: (?P<command>postlint [^\n]*) -->\n```\n).*?(?P<after>```\n<!-- end of sample -->)",
    re.DOTALL,
)
_INTRODUCTION = """\
# Rules

Made by `python -m postlint.documentation` from the files under `rules/`; change those, not this page.

A rule that is off runs when `select` or `extend-select` names it. Options are set in a table of the configuration, such
as `[tool.postlint.options.{code}]`: see [configuration.md](configuration.md).
"""


def page(rule: Rule, form: str) -> Iterator[str]:
    """The page of one rule as text, markdown or json."""
    if form == "json":
        yield json.dumps(as_object(rule), indent=2, default=str) + "\n"
    else:
        yield _markdown(rule) if form == "markdown" else _text(rule)


def pages(rules: Sequence[Rule], form: str) -> Iterator[str]:
    """The pages of rules: docs/rules.md as markdown, a list of objects as json, a line each as text."""
    if form == "json":
        yield json.dumps([as_object(rule) for rule in rules], indent=2, default=str) + "\n"
    elif form == "markdown":
        yield from _rules_page(rules)
    else:
        width = max((len(rule.name) for rule in rules), default=0)
        for rule in rules:
            state = "on " if rule.default else "off"
            yield f"{rule.code:<6}  {rule.name:<{width}}  {_severities(rule):<15}  {state}  {_line(rule.summary)}\n"


def as_object(rule: Rule) -> dict[str, object]:
    """A rule as the object of `postlint rule --format json`."""
    return {
        "code": rule.code,
        "name": rule.name,
        "scope": rule.scope,
        "severity": rule.severity.label,
        "minor_severity": rule.minor_severity.label,
        "default": rule.default,
        "autofix": rule.autofix.safety if rule.autofix is not None else None,
        "summary": _line(rule.summary),
        "why": _line(rule.why),
        "fix": _line(rule.fix),
        "ignore_when": _line(rule.ignore_when),
        "options": {option.name: {"default": option.default, "help": _line(option.help)} for option in rule.options},
        "sources": list(rule.sources),
        "url": rule.url,
    }


def table(rules: Sequence[Rule]) -> str:
    """The table of rules: code, name, severity, whether it is on, what it finds."""
    rows = ["| code | name | severity | default | finds |", "|---|---|---|---|---|"]
    for rule in rules:
        link = f"[{rule.code}](docs/rules.md#{rule.code.lower()}-{rule.name})"
        state = "on" if rule.default else "off"
        rows.append(f"| {link} | {rule.name} | {_severities(rule)} | {state} | {_cell(rule.summary)} |")
    return "\n".join(rows) + "\n"


def with_table(readme: str, rules: Sequence[Rule]) -> str:
    """A README with the table of rules between its two markers. Raises ValueError where they are not there."""
    before, start, rest = readme.partition(TABLE_START)
    _, end, after = rest.partition(TABLE_END)
    if not start or not end:
        raise ValueError(f"the README has no {TABLE_START} ... {TABLE_END}")
    return f"{before}{start}\n\n{table(rules)}\n{end}{after}"


def with_samples(readme: str) -> str:
    """A README with what its sample commands print now."""
    return _SAMPLE.sub(lambda match: match["before"] + _printed(match["command"]) + match["after"], readme)


def _printed(command: str) -> str:
    import shlex
    import subprocess

    arguments = [sys.executable, "-m", *shlex.split(command)]
    environment = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
    done = subprocess.run(
        arguments, cwd=_CHECKOUT, env=environment, stdout=subprocess.PIPE, encoding="utf-8", check=False
    )
    return done.stdout


def _line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")


def _severities(rule: Rule) -> str:
    if rule.minor_severity == rule.severity:
        return rule.severity.label
    return f"{rule.severity.label} or {rule.minor_severity.label}"


def _state(rule: Rule) -> str:
    fix = f" Fix: {rule.autofix.safety}." if rule.autofix is not None else ""
    return f"Severity: {_severities(rule)}. {'On' if rule.default else 'Off'} by default. It {SCOPES[rule.scope]}.{fix}"


def _text(rule: Rule) -> str:
    sections = [f"{rule.code} {rule.name}", _filled(rule.summary), _filled(_state(rule))]
    sections += [_section(title, words) for title, words in _words(rule)]
    if rule.options:
        options = [_filled(f"{option.name} = {_value(option.default)}: {option.help}") for option in rule.options]
        sections.append("Options:\n" + "\n".join("  " + option.replace("\n", "\n      ") for option in options))
    if rule.sources:
        sections.append("Sources:\n" + textwrap.indent("\n".join(rule.sources), "  "))
    sections.append(rule.url or str(rule.path))
    return "\n\n".join(sections) + "\n"


def _words(rule: Rule) -> list[tuple[str, str]]:
    """What a rule says at length; one of the user's may leave it out."""
    words = [("Why", rule.why), ("What to do", rule.fix), ("When to ignore it", rule.ignore_when)]
    return [(title, text) for title, text in words if text]


def _section(title: str, text: str) -> str:
    return f"{title}:\n" + textwrap.indent(_filled(text), "  ")


def _filled(text: str) -> str:
    paragraphs = re.split(r"\n[ \t]*\n", text.strip())
    return "\n\n".join(
        textwrap.fill(_line(part), WIDTH - 2, break_long_words=False, break_on_hyphens=False) for part in paragraphs
    )


def _rules_page(rules: Sequence[Rule]) -> Iterator[str]:
    yield _INTRODUCTION.replace("{code}", rules[0].code if rules else "CODE")
    family = ""
    for rule in rules:
        if rule.code.rstrip("0123456789") != family:
            family = rule.code.rstrip("0123456789")
            yield f"\n## {family}: {FAMILIES.get(family, family)}\n"
        yield "\n" + _markdown(rule)


def _markdown(rule: Rule) -> str:
    parts = [f"### {rule.code} {rule.name}", rule.summary, _state(rule)]
    parts += [f"**{title}.** {words}" for title, words in _words(rule)]
    if rule.options:
        rows = [f"| `{option.name}` | {_code(option.default)} | {_cell(option.help)} |" for option in rule.options]
        parts.append("\n".join(["| option | default | |", "|---|---|---|", *rows]))
    parts.extend(_examples(rule))
    if rule.sources:
        parts.append("Sources:\n\n" + "\n".join(f"- {source}" for source in rule.sources))
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _examples(rule: Rule) -> Iterator[str]:
    """The first examples of what is reported and of what is not, and where the others are."""
    left = 0
    for kind in ("bad", "good"):
        examples = [example for example in rule.examples() if kind in example]
        yield from (_example(example) for example in examples[:EXAMPLES])
        left += len(examples[EXAMPLES:])
    if left and rule.house:
        yield f"{left} more in {rule.path}."
    elif left:
        yield f"{left} more in [rules/{rule.path.name}](../rules/{rule.path.name})."


def _example(example: Mapping[str, object]) -> str:
    bad = "bad" in example
    given = example["bad"] if bad else example["good"]
    conditions = [f"as of {example['as-of']}"] if "as-of" in example else []
    also_run = example.get("also-run")
    if isinstance(also_run, list):
        conditions.append(f"where {', '.join(map(str, also_run))} {'is' if len(also_run) == 1 else 'are'} run too")
    options = example.get("options")
    if isinstance(options, dict):
        conditions += [f"`{name} = {_value(value)}`" for name, value in options.items()]
    title = "Reported" if bad else "Not reported"
    parts = [f"{title} ({', '.join(conditions)}):" if conditions else f"{title}:"]
    for name, text in given.items() if isinstance(given, dict) else [("", given)]:
        if name:
            parts.append(f"`{name}`")
        parts.append(_fenced(str(text)))
    violations = example.get("violations")
    if isinstance(violations, list):
        parts.append(_fenced("\n".join(str(violation) for violation in violations), "text"))
    return "\n\n".join(parts)


def _fenced(text: str, language: str = "markdown") -> str:
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", text)), 3)
    return f"{fence}{language}\n{_seen(text.rstrip())}\n{fence}"


def _seen(text: str) -> str:
    """An example as a page shows it: an invisible character as the escape that a YAML file writes it with."""
    return "".join(
        character if character in "\n\t" or character.isprintable() or character == "\u3000" else _escape(character)
        for character in text
    )


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _code(value: object) -> str:
    """A default in a table cell: long lists are cut, the rule's file has them all."""
    text = _value(value)
    if isinstance(value, (list, dict)) and len(text) > 300:
        text = f"{text[:300].rsplit(', ', 1)[0]}, … ({len(value)} in all)"
    return "`` " + text.replace("|", "\\|") + " ``" if "`" in text else "`" + text.replace("|", "\\|") + "`"


def outdated(root: Path, *, write: bool) -> list[str]:
    """The generated files of a checkout that are not what the rules say; written anew if asked."""
    rules = list(all_rules().values())
    readme, page_of_rules = root / "README.md", root / "docs" / "rules.md"
    wanted = {
        page_of_rules: "".join(_rules_page(rules)),
        readme: with_samples(with_table(readme.read_text(encoding="utf-8"), rules)),
    }
    found = []
    for path, text in wanted.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            found.append(path.relative_to(root).as_posix())
            if write:
                path.write_text(text, encoding="utf-8", newline="")
    return found


def main(arguments: Sequence[str]) -> int:
    """Write the generated files, or check them: 1 if one is out of date, naming it on stderr."""
    check = list(arguments) == ["--check"]
    if arguments and not check:
        sys.stderr.write("usage: python -m postlint.documentation [--check]\n")
        return 2
    names = outdated(_CHECKOUT, write=not check)
    for name in names:
        sys.stderr.write(f"{name}: {'out of date; run `python -m postlint.documentation`' if check else 'written'}\n")
    return int(check and bool(names))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
