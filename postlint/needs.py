"""What a post must have for a rule to find anything in it: said by checks, so that no rule is asked in vain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from postlint.meta import Meta
from postlint.post import Post
from postlint.rules import Inspect
from postlint.violations import Finding


class Needs(NamedTuple):
    """A rule can find something only in a post that has one of these; one that names nothing finds nothing.

    It says what must be there, never that it is enough: a post that has it may be free of findings all the same.
    Nothing but texts and truth values stands in it: it is kept from one run to the next.
    """

    fields: frozenset[frozenset[str]] = frozenset()
    """Groups of model fields. A post has a group if its meta has every field of it."""
    images: bool = False
    problems: bool = False
    literals: frozenset[str] = frozenset()
    """Texts of the source, in lower case; the source's ASCII letters may be in any."""
    exact: frozenset[str] = frozenset()
    """Texts of the source, in just this case."""
    brackets: frozenset[str] = frozenset()
    """Words of the source that follow an opening bracket, in lower case; the source's letters may be in any."""
    values: frozenset[str] = frozenset()
    """Texts in lower case. Where there are any, fields are not enough: a value of one of them must hold one."""

    def met_by(self, fields: frozenset[str], images: bool, problems: bool) -> bool:
        """Whether a post has one of them that is no text: `fields` are those of its meta."""
        return (self.images and images) or (self.problems and problems) or any(group <= fields for group in self.fields)

    def met_by_values(self, values: str) -> bool:
        """Whether the values of the fields hold one of the texts that values must hold: see `values_of`."""
        return any(map(values.__contains__, self.values))


class Guarded:
    """An inspection, and what a post must have for it to find anything. Called, it inspects whatever it is given."""

    __slots__ = ("inspect", "needs")

    def __init__(self, inspect: Inspect, needs: Needs) -> None:
        self.inspect = inspect
        self.needs = needs

    def __call__(self, post: Post) -> Iterable[Finding]:
        """The findings of one post."""
        return self.inspect(post)


class InParts:
    """An inspection whose parts need different things; a part that says nothing is asked for every post."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Inspect, ...]) -> None:
        self.parts = parts

    def __call__(self, post: Post) -> Iterator[Finding]:
        """The findings of one post, part after part."""
        for part in self.parts:
            yield from part(post)


def parts_of(inspect: Inspect) -> tuple[Inspect, ...]:
    """The parts of an inspection, which is its own only one where it has none."""
    return inspect.parts if isinstance(inspect, InParts) else (inspect,)


def needs_of(part: Inspect) -> Needs | None:
    """What a part says it needs; None where it says nothing."""
    return part.needs if isinstance(part, Guarded) else None


def values_of(meta: Meta, fields: Iterable[str]) -> str:
    """All values of some fields, in lower case."""
    return "\n".join([entry.value for field in fields for entry in meta.all(field)]).lower()


def one_of(*fields: str) -> frozenset[frozenset[str]]:
    """The groups of fields each of which is enough by itself."""
    return frozenset(frozenset({field}) for field in fields)
