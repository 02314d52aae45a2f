"""Which violation is which known one: at the same path, under another one where the post has moved, nowhere else.

A fingerprint has neither path nor row, and many posts have the same one: a flag that is set is the same text in all of
them. So what tells whether a violation is new is the post. One at the path of a known post is that post; one at another
path is it where the known one is not at its own any more and title or text agree. A copy beside its original is not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from postlint.baseline.entries import Entry, KnownPost
from postlint.reporters.terminal import visible
from postlint.violations import Violation

Key = tuple[str, int]
"""The path of a post, relative to the folder of the baseline, and its number in its file."""


@dataclass(slots=True)
class Found:
    """What a run found in one post."""

    key: Key
    title: str
    left: list[Violation] = field(default_factory=list)
    """The violations that no known one has been found for."""


@dataclass(slots=True)
class Matched:
    """Violations and known ones, paired."""

    pairs: list[tuple[Violation, KnownPost, Entry]] = field(default_factory=list)
    new: list[tuple[Key, Violation]] = field(default_factory=list)
    left: list[tuple[KnownPost, Sequence[Entry]]] = field(default_factory=list)
    """Posts with known violations that were not found, for whatever reason."""
    moved: dict[Key, KnownPost] = field(default_factory=dict)
    """Where known posts stand now that have moved."""


@dataclass(frozen=True, slots=True)
class Site:
    """What can be asked of the files of a run, by their paths relative to the folder of the baseline."""

    is_gone: Callable[[str], bool]
    text_of: Callable[[str, int], str]
    """A hash of the body of a post, by path and number; "-" where it has none."""
    comparing: Collection[str]
    """The codes of rules that compare posts."""


Sameness = tuple[Callable[[Violation], object], Callable[[Entry], object]]
"""What is equal for a violation and a known one that are the same."""
_BY_FINGERPRINT: Sameness = (
    lambda violation: (violation.code, violation.fingerprint),
    lambda entry: (entry.code, entry.fingerprint),
)


def line(text: str) -> str:
    """A text as a baseline has it: in one line, and without characters that are not seen."""
    return visible(" ".join(text.split()))


def matched(known: Sequence[KnownPost], violations: Sequence[tuple[Key, Violation]], site: Site) -> Matched:
    """Pair the violations of a run, each with the key of its post, with the known ones."""
    return _Matching(known, violations, site).all()


class _Matching:
    def __init__(self, known: Sequence[KnownPost], violations: Sequence[tuple[Key, Violation]], site: Site) -> None:
        self._site = site
        self._known = known
        self._at: dict[Key, list[KnownPost]] = {}
        for post in known:
            self._at.setdefault((post.path, post.number), []).append(post)
        self._open: dict[int, list[Entry]] = {}
        """Known violations that are not found yet, by the identity of their post; all of a post that is not here."""
        self._posts: dict[Key, Found] = {}
        for key, violation in violations:
            if key not in self._posts:
                self._posts[key] = Found(key, line(violation.post))
            self._posts[key].left.append(violation)
        self._result = Matched()

    def all(self) -> Matched:
        """The pairs, and what is left on both sides."""
        for post in self._posts.values():
            for own in self._at.get(post.key, ()):
                if not post.title or not own.title or post.title == own.title:
                    self._pair(post, own, _BY_FINGERPRINT)
        unsettled = [post for post in self._posts.values() if post.left]
        if unsettled:
            self._find_moved(unsettled)
        by_message: Sameness = (self._says, lambda entry: (entry.code, entry.message))
        for post in unsettled:
            # Given another title, or another text, or both: it is what stands at its path.
            at_path = [*self._at.get(post.key, ()), *filter(None, [self._result.moved.get(post.key)])]
            for sameness in (_BY_FINGERPRINT, by_message):
                for own in at_path:
                    self._pair(post, own, sameness)
        result = self._result
        result.new = [(post.key, violation) for post in unsettled for violation in post.left]
        result.left = [(known, left) for known in self._known if (left := self._left_of(known))]
        return result

    def _left_of(self, post: KnownPost) -> list[Entry]:
        found = self._open.get(id(post))
        return post.entries if found is None else found

    def _pair(self, post: Found, known: KnownPost, sameness: Sameness) -> None:
        """Take out on both sides what is the same, each known violation once."""
        of_violation, of_entry = sameness
        open_ = self._open.get(id(known), known.entries)
        by_key: dict[object, list[Entry]] = {}
        for entry in reversed(open_):
            by_key.setdefault(of_entry(entry), []).append(entry)
        left = []
        taken: set[int] = set()
        for violation in post.left:
            same = by_key.get(of_violation(violation))
            if same:
                entry = same.pop()
                taken.add(id(entry))
                self._result.pairs.append((violation, known, entry))
            else:
                left.append(violation)
        post.left = left
        self._open[id(known)] = [entry for entry in open_ if id(entry) not in taken]

    def _says(self, violation: Violation) -> object:
        """What compares posts speaks of the post as a whole, and names the other one: the place may be another."""
        is_comparing = violation.code in self._site.comparing
        return (violation.code, line(violation.message)) if is_comparing else None

    def _find_moved(self, unsettled: Sequence[Found]) -> None:
        by_title: dict[str, list[KnownPost]] = {}
        by_text: dict[str, list[KnownPost]] = {}
        for known in self._known:
            if self._left_of(known):
                by_title.setdefault(known.title, []).append(known)
                by_text.setdefault(known.text, []).append(known)
        by_title.pop("", None)
        by_text.pop("-", None)
        # Where no more than the title is left of a post, it is one that has not been found by its text.
        taken: set[int] = set()
        if by_text:
            self._move(unsettled, lambda post: by_text.get(self._site.text_of(*post.key), ()), by_title, taken)
        self._move(unsettled, lambda post: by_title.get(post.title, ()), by_title, taken)

    def _move(
        self,
        unsettled: Sequence[Found],
        candidates: Callable[[Found], Sequence[KnownPost]],
        titles: Collection[str],
        taken: set[int],
    ) -> None:
        """Find known posts at other paths, each at one; those that have the title of the post come first."""
        for post in unsettled:
            own = self._at.get(post.key, ())
            if post.key in self._result.moved or any(known.title == post.title for known in own):
                continue
            for known in sorted(candidates(post), key=lambda known: known.title != post.title):
                if id(known) not in taken and known not in own and self._is_elsewhere(known, post.key[0], titles):
                    taken.add(id(known))
                    self._result.moved[post.key] = known
                    self._pair(post, known, _BY_FINGERPRINT)
                    break

    def _is_elsewhere(self, known: KnownPost, path: str, titles: Collection[str]) -> bool:
        """Whether a known post is not where it was: its file is gone, another known post has taken its place, or it is
        among the posts of one file, whose numbers change with every new one."""
        is_of_file = known.path == path
        there = self._posts.get((known.path, known.number))
        if there is not None:
            return there.title != known.title and (is_of_file or there.title in titles)
        return is_of_file or self._site.is_gone(known.path)
