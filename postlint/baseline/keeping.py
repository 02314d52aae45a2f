"""The baseline that a run leaves behind: what it holds, what goes, what is added, and the posts as they are now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from postlint.baseline.applying import Applied, Keys
from postlint.baseline.decisions import Decisions
from postlint.baseline.entries import Entry, KnownPost, Waiver
from postlint.baseline.matching import Key, line
from postlint.violations import Violation

TextOf = Callable[[str, int], str]


@dataclass(frozen=True, slots=True)
class Kept:
    """The posts of a baseline as it is to be written, and how it differs from what it was."""

    posts: Sequence[KnownPost]
    added: tuple[Violation, ...] = ()
    """New violations that it holds from now on."""
    waived: tuple[Violation, ...] = ()
    """Violations that decisions have given a waiver, known before or not."""


class Keeping:
    """Collects what a baseline is to hold, post by post. `text_of` gives a hash of the body by path and
    number."""

    def __init__(self, folder: str, text_of: TextOf) -> None:
        self._keys = Keys(folder)
        self._text_of = text_of
        self._posts: dict[Key, KnownPost] = {}

    def add(self, violation: Violation, waiver: Waiver | None) -> None:
        """Hold a violation, where its post stands now."""
        post = self._post(violation)
        post.entries.append(Entry(violation.code, violation.fingerprint, line(violation.message), waiver))

    def keep(self, known: KnownPost, entry: Entry, key: Key) -> None:
        """Hold what was known of a post, which stands under a key now, and was not looked for."""
        post = self._posts.setdefault(key, KnownPost(*key, known.text, known.title))
        post.entries.append(entry)

    def posts(self) -> list[KnownPost]:
        """The posts with what they hold."""
        return list(self._posts.values())

    def _post(self, violation: Violation) -> KnownPost:
        key = self._keys.of(violation.path), violation.number
        if key not in self._posts:
            text = self._text_of(violation.path, violation.number)
            self._posts[key] = KnownPost(*key, text, line(violation.post))
        return self._posts[key]


def created(violations: Sequence[Violation], folder: str, text_of: TextOf) -> Kept:
    """The first baseline of a corpus: all of its violations."""
    keeping = Keeping(folder, text_of)
    for violation in violations:
        keeping.add(violation, None)
    return Kept(keeping.posts(), tuple(violations))


def pruned(found: Applied, folder: str, text_of: TextOf) -> Kept:
    """A baseline without what is gone."""
    return Kept(_still_known(found, folder, text_of, None).posts())


def updated(found: Applied, folder: str, text_of: TextOf, decisions: Decisions | None) -> Kept:
    """A baseline of what is there now: what is gone is left out, what is new is added, decisions are folded in."""
    keeping = _still_known(found, folder, text_of, decisions)
    added: list[Violation] = []
    waived = [] if decisions is None else [pair[0] for pair in found.matched.pairs if decisions.waiver_of(pair[0])]
    for _, violation in found.matched.new:
        waiver = decisions.waiver_of(violation) if decisions is not None else None
        keeping.add(violation, waiver)
        (added if waiver is None else waived).append(violation)
    return Kept(keeping.posts(), tuple(added), tuple(waived))


def _still_known(found: Applied, folder: str, text_of: TextOf, decisions: Decisions | None) -> Keeping:
    keeping = Keeping(folder, text_of)
    for violation, _, entry in found.matched.pairs:
        decided = decisions.waiver_of(violation) if decisions is not None else None
        keeping.add(violation, decided or entry.waiver)
    gone = {id(entry) for _, entry in found.stale}
    moved = {id(known): key for key, known in found.matched.moved.items()}
    for known, entry in ((known, entry) for known, left in found.matched.left for entry in left):
        if id(entry) not in gone:
            keeping.keep(known, entry, moved.get(id(known), (known.path, known.number)))
    return keeping
