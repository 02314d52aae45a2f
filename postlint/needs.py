"""What a post must have for a rule to find anything in it: said by checks, so that no rule is asked in vain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from postlint.post import Post
from postlint.rules import Inspect
from postlint.violations import Finding


@dataclass(frozen=True, slots=True)
class Needs:
    """A rule can find something only in a post that has one of these; one that names nothing finds nothing.

    It says what must be there, never that it is enough: a post that has it may be free of findings all the same.
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

    def met_by(self, fields: frozenset[str], images: bool, problems: bool) -> bool:
        """Whether a post has one of them that is no text: `fields` are those of its meta."""
        return (self.images and images) or (self.problems and problems) or any(group <= fields for group in self.fields)


@dataclass(frozen=True, slots=True)
class Guarded:
    """An inspection, and what a post must have for it to find anything. Called, it inspects whatever it is given."""

    inspect: Inspect
    needs: Needs

    def __call__(self, post: Post) -> Iterable[Finding]:
        """The findings of one post."""
        return self.inspect(post)


@dataclass(frozen=True, slots=True)
class InParts:
    """An inspection whose parts need different things."""

    parts: tuple[Guarded, ...]

    def __call__(self, post: Post) -> Iterator[Finding]:
        """The findings of one post, part after part."""
        for part in self.parts:
            yield from part.inspect(post)


def one_of(*fields: str) -> frozenset[frozenset[str]]:
    """The groups of fields each of which is enough by itself."""
    return frozenset(frozenset({field}) for field in fields)
