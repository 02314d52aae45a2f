"""Which rules run, and how: selectors and settings of the configuration and the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

from postlint.rules import Rule, select, with_house
from postlint.settings import LIKENESS, Settings

if TYPE_CHECKING:
    from postlint.config import Configuration


class Selection(NamedTuple):
    """What one place says about rules; `select` is None where it says nothing and what came before stands."""

    select: Sequence[str] | None = None
    extend_select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    where: str = ""
    """What stands before the message when a selector means no rule."""


def selected(layers: Iterable[Selection], rules: Mapping[str, Rule]) -> tuple[str, ...]:
    """The codes of the rules that run, sorted. A layer with a `select` starts anew, others change what is there.

    Within a layer the most specific selector decides: a code or name before a prefix, a longer prefix before a
    shorter one, ALL last. Where two are equally specific, `ignore` wins. Raises UserError for a selector that means
    no rule.
    """
    codes = {code for code, rule in rules.items() if rule.default}
    for layer in layers:
        if layer.select is not None:
            codes = set()
        wanted = _ranks([*(layer.select or ()), *layer.extend_select], rules, layer.where)
        unwanted = _ranks(layer.ignore, rules, layer.where)
        codes |= wanted.keys()
        codes -= {code for code, rank in unwanted.items() if rank >= wanted.get(code, 0)}
    return tuple(sorted(codes))


def settings_of(
    config: Configuration, selection: Selection | None = None, *, as_of: date | None = None, jobs: int | None = None
) -> Settings:
    """The settings that a configuration makes, by default for today; a selection comes on top of its own.

    Raises UserError for a selector that means no rule.
    """
    layers = (Selection(config.select, config.extend_select, config.ignore), selection or Selection())
    return Settings(
        codes=selected(layers, with_house(config.rule_files)),
        as_of=as_of or config.as_of or datetime.now(UTC).date(),
        options=config.options,
        severities=config.severity,
        per_file_ignores=config.per_file_ignores,
        root=str(config.root),
        jobs=jobs or config.jobs or 1,
        likeness=LIKENESS if config.likeness is None else config.likeness,
        fields=config.fields,
        house_rules=config.rule_files,
    )


def _ranks(selectors: Iterable[str], rules: Mapping[str, Rule], where: str) -> dict[str, int]:
    """How specifically each code is meant: 1 by ALL, more by a prefix, most by its code or name."""
    ranks: dict[str, int] = {}
    for selector in selectors:
        for code in select([selector], rules, where):
            if selector.upper() == "ALL":
                rank = 1
            elif rules[code].name == selector.lower():
                rank = 1 + len(code)
            else:
                rank = 1 + len(selector)
            ranks[code] = max(rank, ranks.get(code, 0))
    return ranks
