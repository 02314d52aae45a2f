"""Templates with slots: what is found of them, and what is no template."""

from __future__ import annotations

from postlint.templates import Template, template

FIRST = "When spring comes, oiling the chain stops being a chore. The rest of this note is about bicycles in the rain."
SECOND = (
    "When spring comes, painting the boat stops being a chore. The rest of this note is about dinghies in the rain."
)


def found(first: str, second: str, max_slots: int = 3, max_slot_words: int = 8, ratio: float = 65) -> Template | None:
    return template(first, second, max_slots, max_slot_words, ratio)


def test_slots_of_two_sentences() -> None:
    assert found(FIRST, SECOND) == Template(
        "When spring comes, {1} stops being a chore. The rest of this note is about {2} in the rain.",
        # "the" stands between the differing words: one word in common is chance.
        ("oiling the chain", "bicycles"),
        ("painting the boat", "dinghies"),
    )


def test_sentences_in_both_are_left_out() -> None:
    common = " Nobody is in a hurry here."
    assert found(FIRST + common, common.strip() + " " + SECOND) == found(FIRST, SECOND)


def test_stops_belong_to_the_template() -> None:
    assert found(
        "A small boat wants care, said the man in red.", "A small kiln wants care, said the man in blue."
    ) == Template("A small {1} wants care, said the man in {2}.", ("boat", "red"), ("kiln", "blue"))


def test_what_is_no_template() -> None:
    assert found(FIRST, FIRST) is None
    assert found(FIRST, FIRST + " One sentence more makes a near copy, not a template.") is None
    assert found(FIRST, "Something else. Altogether different words stand here, as you can see.") is None
    assert found(FIRST, SECOND, max_slots=1) is None
    assert found(FIRST, SECOND, max_slot_words=2) is None
    assert found("", "") is None


def test_a_mirrored_template_has_the_slots_of_the_other_text_first() -> None:
    made = found(FIRST, SECOND)
    assert made is not None
    assert made.mirrored() == Template(made.text, ("painting the boat", "dinghies"), ("oiling the chain", "bicycles"))


def test_words_that_differ_in_spelling_alone_are_the_template() -> None:
    """Case, stops, brackets and quotes; hyphens inside a word."""
    assert found(
        'The (small) Boat wants "care", said the well-known man in red.',
        "the small boat wants care; said the well-known man in blue.",
    ) == Template('The (small) Boat wants "care", said the well-known man in {1}.', ("red",), ("blue",))
