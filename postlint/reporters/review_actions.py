"""What an editor does about a rule's violations: one of six actions, in the order in which they save work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Action(NamedTuple):
    """A thing to do: its word, and what it means in a sentence."""

    name: str
    meaning: str


ACTIONS = (
    Action("merge", "Posts that say the same: keep the best one, move into it what only the others say."),
    Action("rewrite", "Text that stands in other posts too, or could: say what only this post can say."),
    Action("replace", "Images that show nothing of the post: take others, describe them, or leave them out."),
    Action("correct", "Meta, dates and format that can't be true or can't be read: put them right, or delete them."),
    Action("approve", "Review flags and traces of a generator: someone has to read the post and say yes."),
    Action("other", "Style, search engines, and rules of your own."),
)
"""First what to do first: what is merged need not be rewritten, what is rewritten need not be corrected."""

BY_FAMILY: Mapping[str, str] = {
    "ND": "correct",
    "BP": "rewrite",
    "IMG": "replace",
    "MET": "correct",
    "DAT": "correct",
    "FMT": "correct",
    "REV": "approve",
    "LLM": "approve",
    "STY": "other",
    "SEO": "other",
}
"""The action of each family of rules."""
BY_CODE: Mapping[str, str] = {"ND001": "merge", "ND002": "merge", "ND003": "merge"}
"""Rules whose action is not that of their family: the other identities (titles, summaries, slugs) are meta."""


def family(code: str) -> str:
    """The letters that a code begins with."""
    return code.rstrip("0123456789")


def action_of(code: str) -> str:
    """The action of a rule; "other" for a rule of the user's own."""
    return BY_CODE.get(code) or BY_FAMILY.get(family(code), "other")
