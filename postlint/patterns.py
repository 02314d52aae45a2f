"""Regular expressions that users write: compiled, or refused where one could keep a run busy for ever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from postlint.errors import UserError

_TOKEN = re.compile(
    r"(?P<item>\\(?:[xuUN](?:\{[^}]*\}|[0-9a-fA-F]*)|.)|\[\^?\]?(?:\\.|[^\]\\])*\])"
    r"|(?P<open>\((?:\?(?:P<\w+>|P=\w+|\#[^)]*|[aiLmsux-]*:|<?[=!]|>|\(\w+\)|[aiLmsux]+))?)"
    r"|(?P<close>\))|(?P<or>\|)"
    r"|(?P<repeat>[*+?]|\{(?P<least>\d*)(?P<comma>,?)(?P<most>\d*)\})(?P<how>[?+]?)"
    r"|(?P<literal>.)",
    re.DOTALL,
)
_LITERAL = re.compile(r"[^\\.^$\[]|\\[^\w]", re.DOTALL)
_MANY = 10
"""Repetitions from which a repeat in a repeat is too much."""


@dataclass(slots=True)
class _Part:
    """A piece of an alternative: its text, how often it may stand there, and the alternatives of a group."""

    text: str
    many: bool = False
    optional: bool = False
    groups: list[list[_Part]] = field(default_factory=list)


def compiled(pattern: str, flags: int, where: str) -> re.Pattern[str]:
    """A pattern of the user's, compiled.

    Raises UserError where it is none, and where something repeated is repeated: `(a+)+` takes a time that doubles with
    each letter. What parts two repetitions, as the comma of `(?:,[0-9]+)+` does, makes it harmless.
    """
    try:
        found = re.compile(pattern, flags)
    except (re.error, OverflowError, RecursionError) as error:
        raise UserError(f'{where}the pattern "{pattern}" is not valid: {error}') from error
    for part in _nested(_alternatives(pattern)):
        raise UserError(
            f'{where}the pattern "{pattern}" repeats "{part.text}", which repeats something itself: on some texts that '
            "takes for ever"
        )
    return found


def _alternatives(pattern: str) -> list[list[_Part]]:
    """The alternatives of a pattern that is known to be valid, each as its parts."""
    stack: list[tuple[list[list[_Part]], int]] = [([[]], 0)]
    for token in _TOKEN.finditer(pattern):
        alternatives = stack[-1][0]
        if token["open"] is not None:
            stack.append(([[]], token.start()))
        elif token["close"] is not None and len(stack) > 1:
            groups, start = stack.pop()
            stack[-1][0][-1].append(_Part(pattern[start : token.end()], groups=groups))
        elif token["or"] is not None:
            alternatives.append([])
        elif token["repeat"] is not None and alternatives[-1] and _is_repeat(token):
            part = alternatives[-1][-1]
            part.many = _is_many(token)
            part.optional = token["repeat"] in ("*", "?") or (bool(token["comma"]) and not int(token["least"] or 0))
        else:
            alternatives[-1].append(_Part(token[0]))
    return stack[0][0]


def _is_repeat(token: re.Match[str]) -> bool:
    """Whether braces are a repeat: `{}` and `{,}` of a text stand for themselves."""
    return not token["repeat"].startswith("{") or bool(token["least"] or token["most"])


def _is_many(token: re.Match[str]) -> bool:
    if token["repeat"] in ("*", "+"):
        return True
    if token["repeat"] == "?":
        return False
    most = token["most"] if token["comma"] else token["least"]
    return not most or int(most) >= _MANY


def _nested(alternatives: list[list[_Part]]) -> Iterator[_Part]:
    """The groups that are repeated and hold a repeat that nothing parts from the next."""
    for parts in alternatives:
        for part in parts:
            if part.many and any(_is_open(inner) for inner in part.groups):
                yield part
            yield from _nested(part.groups)


def _is_open(parts: list[_Part]) -> bool:
    """Whether an alternative repeats something and has no character that only stands between two repetitions."""
    repeated = [part for part in _flat(parts) if part.many]
    if not repeated:
        return False
    return not any(
        not (part.many or part.optional or part.groups)
        and _LITERAL.fullmatch(part.text)
        and not _can_match(repeated, part.text)
        for part in parts
    )


def _flat(parts: list[_Part]) -> Iterator[_Part]:
    for part in parts:
        yield part
        for inner in part.groups:
            yield from _flat(inner)


def _can_match(repeated: list[_Part], literal: str) -> bool:
    """Whether something that is repeated can match a character."""
    character = literal[-1]
    for part in repeated:
        try:
            if part.groups or re.search(part.text, character, re.IGNORECASE | re.DOTALL):
                return True
        except re.error:
            return True
    return False
