"""Two texts as one template with slots: what is common to both, and what each has in its slots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from postlint.canonical import count_words, folded, sentences
from postlint.lazy_pattern import lazy_pattern

FIXED = 8
"""Words that a template has besides its slots, at least; and no fewer than its slots hold."""
_SLOT = lazy_pattern(r"\{[0-9]+\}")
_BETWEEN = 2
"""Fewer common words than this between two slots are chance: the slots are one."""


class Template(NamedTuple):
    """A template and what fills its slots: `{1}` in the text is `first[0]` in one text and `second[0]` in the other."""

    text: str
    first: tuple[str, ...]
    second: tuple[str, ...]

    def mirrored(self) -> Template:
        """The same with the two texts exchanged."""
        return Template(self.text, self.second, self.first)


def template(first: str, second: str, max_slots: int, max_slot_words: int, ratio: float) -> Template | None:
    """The template of two texts, sentence by sentence; None where they are not fillings of one.

    Sentences that are in both are left out; the others must pair up in their order, each pair at least `ratio`
    (0 to 100, rapidfuzz's `fuzz.ratio`) alike, and differ in `max_slots` slots of `max_slot_words` words at the most.
    """
    from rapidfuzz import fuzz

    left, right = _differing(first, second)
    if not left or len(left) != len(right):
        return None
    pairs = list(zip(left, right, strict=True))
    if any(fuzz.ratio(folded(one), folded(other), score_cutoff=ratio) < ratio for one, other in pairs):
        return None
    texts: list[str] = []
    slots: list[tuple[str, str]] = []
    for one, other in pairs:
        texts.append(_align(one.split(), other.split(), slots))
        if len(slots) > max_slots:
            return None
    if not slots or any(len(text.split()) > max_slot_words for slot in slots for text in slot):
        return None
    filled = max(sum(count_words(slot[side]) for slot in slots) for side in (0, 1))
    if count_words(_SLOT.sub(" ", " ".join(texts))) < max(FIXED, filled):
        return None
    return Template(" ".join(texts), tuple(slot[0] for slot in slots), tuple(slot[1] for slot in slots))


def _differing(first: str, second: str) -> tuple[list[str], list[str]]:
    """The sentences of either text that the other one has not."""
    left, right = ([text[start:end] for start, end in sentences(text)] for text in (first, second))
    # Most that are in both are spelled alike, and folding costs more than finding them.
    for spelled in (str, folded):
        common = set(map(spelled, left)) & set(map(spelled, right))
        left, right = ([text for text in side if spelled(text) not in common] for side in (left, right))
    return left, right


def bare(word: str) -> str:
    """A word in the spelling that is compared, without the punctuation around it."""
    stripped = word.strip(",.;:!?()")
    # Most words are folded so; the other way costs ten times as much.
    return stripped.lower() if stripped.isascii() and stripped.isalnum() else folded(stripped)


def edits(left: Sequence[str], right: Sequence[str]) -> Sequence[tuple[int, int, int, int]]:
    """Where two sequences of words differ: start and end in the one, start and end in the other."""
    from rapidfuzz.distance import Levenshtein

    found: list[tuple[int, int, int, int]] = []
    for code in Levenshtein.opcodes([bare(word) for word in left], [bare(word) for word in right]):
        if code.tag == "equal":
            continue
        if found and code.src_start - found[-1][1] < _BETWEEN:
            found[-1] = (found[-1][0], code.src_end, found[-1][2], code.dest_end)
        else:
            found.append((code.src_start, code.src_end, code.dest_start, code.dest_end))
    return found


def _align(left: list[str], right: list[str], slots: list[tuple[str, str]]) -> str:
    """The common words of two sentences with `{n}` for each slot; the slots are added to those found before."""
    words: list[str] = []
    done = 0
    for src_start, src_end, dest_start, dest_end in edits(left, right):
        mine, its = " ".join(left[src_start:src_end]), " ".join(right[dest_start:dest_end])
        # A comma or full stop that both have is the template's, not the slot's.
        end = mine[-1:] if mine[-1:] == its[-1:] and not mine[-1:].isalnum() else ""
        slots.append((mine.removesuffix(end), its.removesuffix(end)))
        words += [*left[done:src_start], f"{{{len(slots)}}}{end}"]
        done = src_end
    return " ".join([*words, *left[done:]])
