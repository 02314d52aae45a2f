"""Check: a suppression that suppresses nothing: it names no rule that there is, or there was nothing to suppress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from postlint.errors import nearest
from postlint.rules import Audit, Options, hint_at
from postlint.shapes import Gives, Shape, choice, gives
from postlint.silenced import Silenced
from postlint.violations import Finding


def _gives(parameters: Options) -> Gives:
    if parameters.get("kind") == "unused":
        return gives(idle="selectors", enable="")
    return gives(unknown="selector hint", empty="selector hint", key="selector hint")


SHAPE = Shape(
    scope="suppressions",
    takes={"kind": choice("What is wrong with it.", "unknown", "unused")},
    gives=_gives,
)


def bind(options: Options, as_of: date) -> Audit:
    """`kind` is "unknown" or "unused".

    Values of "unknown": `selector` and `hint`, the nearest that there is; variants "unknown", "empty" for a comment
    that names none, "key" for a key of the front matter that means nothing. Of "unused": `selectors`; variants "idle",
    and "enable" for a comment that ends nothing.
    """
    return _unused if options["kind"] == "unused" else _unknown


def _unknown(silenced: Silenced, was_run: Callable[[str], bool]) -> Iterator[Finding]:
    for request, selector in silenced.unknown():
        if request.action == "key":
            hint, variant = nearest(selector, ["ignore"]), "key"
        elif selector:
            hint, variant = hint_at(selector, silenced.rules), "unknown"
        else:
            hint, variant = "", "empty"
        values = {"selector": selector, "hint": hint}
        yield Finding(request.start, request.end, values, variant=variant)


def _unused(silenced: Silenced, was_run: Callable[[str], bool]) -> Iterator[Finding]:
    for request, selectors in silenced.unused(was_run):
        variant = "idle" if selectors else "enable"
        values = {"selectors": selectors} if selectors else {}
        yield Finding(request.start, request.end, values, variant=variant)
