"""Fixes applied to the text of a file, until there are none left, each of them held against what it was to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from postlint.engine import check_sources
from postlint.fixes.offered import with_fixes
from postlint.rules import Rule, with_house
from postlint.settings import Settings
from postlint.violations import FixEdit, Violation

PASSES = 50
"""How often what a fix has uncovered is fixed in turn."""
REMAINING = frozenset({"set_draft"})
"""Edits after which their violation still stands: a post that is kept back is still to be reviewed."""
BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class FixedFile:
    """A file before and after, as bytes, and the violations that were fixed."""

    path: str
    before: bytes
    after: bytes
    fixed: tuple[Violation, ...]


def fixed_file(
    path: str,
    data: bytes,
    violations: Sequence[Violation],
    settings: Settings,
    *,
    unsafe: bool,
    held: Collection[tuple[str, str]] = (),
) -> FixedFile:
    """A file with the fixes of its violations, which come with theirs, and of what these uncover.

    A fix is left out where its violation would stay, or a rule that looks at single posts would find more than before.
    Violations of `held`, codes and fingerprints, are known and are left as they are.
    """
    text = data.decode("utf-8")
    mark = BOM if text.startswith(BOM) else ""
    attempt = _Attempt(path, settings, text.removeprefix(BOM))
    fixed: list[Violation] = []
    wanted = _wanted(violations, unsafe=unsafe, held=())
    for _ in range(PASSES):
        done = attempt.apply(wanted)
        if not done:
            break
        fixed.extend(done)
        wanted = _wanted(attempt.found_with_fixes(), unsafe=unsafe, held=held)
    return FixedFile(path, data, (mark + attempt.text).encode("utf-8"), tuple(fixed))


def _wanted(violations: Sequence[Violation], *, unsafe: bool, held: Collection[tuple[str, str]]) -> list[Violation]:
    return [
        violation
        for violation in violations
        if violation.fix is not None
        and (unsafe or violation.fix.safety == "safe")
        and (violation.code, violation.fingerprint) not in held
    ]


class _Attempt:
    """The text of one file, and what the rules that look at single posts find in it."""

    def __init__(self, path: str, settings: Settings, text: str) -> None:
        rules = with_house(settings.house_rules)
        self._path = path
        self._rules: Mapping[str, Rule] = rules
        self._codes = tuple(code for code in settings.codes if rules[code].scope == "post")
        self._settings = replace(settings, codes=self._codes, jobs=1)
        self.text = text
        self._found = self._inspected(text)

    def _inspected(self, text: str) -> Sequence[Violation]:
        return check_sources({self._path: text}, self._settings).violations if self._codes else ()

    def found_with_fixes(self) -> Sequence[Violation]:
        """What is found in the text as it is now, with fixes."""
        data = self.text.encode("utf-8")
        return with_fixes(self._found, self._rules, lambda path: data)

    def apply(self, wanted: Sequence[Violation]) -> list[Violation]:
        """Apply the fixes of violations, of those that overlap the first; those that were applied."""
        chosen = _apart(wanted)
        if not chosen:
            return []
        if self._try(chosen):
            return chosen
        # One of them is not what it should be: each is tried with those before it that are.
        good: list[Violation] = []
        text, found = self.text, self._found
        for violation in chosen if len(chosen) > 1 else ():
            self.text, self._found = text, found
            if self._try([*good, violation]):
                good.append(violation)
        self.text, self._found = text, found
        return good if good and self._try(good) else []

    def _try(self, chosen: Sequence[Violation]) -> bool:
        text = _edited(self.text, [edit for violation in chosen if violation.fix for edit in violation.fix.edits])
        found = self._inspected(text)
        if text == self.text or not self._is_better(chosen, found):
            return False
        self.text, self._found = text, found
        return True

    def _is_better(self, chosen: Sequence[Violation], found: Sequence[Violation]) -> bool:
        before = Counter(violation.code for violation in self._found)
        after = Counter(violation.code for violation in found)
        gone = Counter(violation.code for violation in chosen if self._goes(violation))
        return all(count <= before[code] for code, count in after.items()) and all(
            after[code] <= before[code] - count for code, count in gone.items()
        )

    def _goes(self, violation: Violation) -> bool:
        autofix = self._rules[violation.code].autofix
        return violation.code in self._codes and autofix is not None and autofix.edit not in REMAINING


def _apart(wanted: Sequence[Violation]) -> list[Violation]:
    """The violations whose fixes do not touch one another, the first of those that do."""
    taken: list[tuple[int, int]] = []
    chosen = []
    for violation in wanted:
        edits = violation.fix.edits if violation.fix is not None else ()
        if edits and not any(_touch(edit, place) for edit in edits for place in taken):
            chosen.append(violation)
            taken.extend((edit.start, edit.end) for edit in edits)
    return chosen


def _touch(edit: FixEdit, place: tuple[int, int]) -> bool:
    start, end = place
    return edit.start <= end and start <= edit.end


def _edited(text: str, edits: Sequence[FixEdit]) -> str:
    parts: list[str] = []
    last = 0
    for edit in sorted(edits):
        parts += text[last : edit.start], edit.text
        last = edit.end
    return "".join((*parts, text[last:]))
