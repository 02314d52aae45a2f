"""Which rules run: selectors of the configuration and the command line, the more specific one deciding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from postlint.rules import Rule, select


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
