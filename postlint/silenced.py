"""What the suppressions of a file cover, whom they mean, and which of them were of use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from postlint.errors import UserError
from postlint.rules import Rule, select
from postlint.suppressions import Request

if TYPE_CHECKING:
    from postlint.violations import Finding


@dataclass(slots=True)
class _Wish:
    """One rule or family that a request names: the codes it means, and where each is covered."""

    request: Request
    selector: str
    codes: frozenset[str]
    ends: dict[str, int] = field(default_factory=dict)
    """Where the stretch of a code ends, if before that of the request: at an "enable"."""
    used: bool = False

    def covers(self, code: str, start: int) -> bool:
        first, last = self.request.covered
        return code in self.codes and first <= start < min(last, self.ends.get(code, last))


class Silenced:
    """The suppressions of one post, and what they have covered so far."""

    def __init__(self, requests: Sequence[Request], rules: Mapping[str, Rule]) -> None:
        self.requests = tuple(requests)
        self.rules = rules
        self._wishes: list[_Wish] = []
        self._idle_ends: list[Request] = []
        for request in requests:
            if request.action == "enable":
                self._end(request)
            elif request.action != "key":
                self._wishes.extend(_Wish(request, name, self.codes(name)) for name in request.selectors)

    def codes(self, selector: str) -> frozenset[str]:
        """The codes that a selector means; none where it means no rule."""
        try:
            return frozenset(select([selector], self.rules))
        except UserError:
            return frozenset()

    def _end(self, request: Request) -> None:
        """End what is disabled: all of it, or the rules that the comment names."""
        ended = False
        named = [self.codes(name) for name in request.selectors]
        for wish in self._wishes:
            if wish.request.action == "disable":
                for code in wish.codes - wish.ends.keys():
                    if not named or any(code in codes for codes in named):
                        wish.ends[code] = request.start
                        ended = True
        # One that names no rule that there is has another fault.
        if not ended and (not named or any(named)):
            self._idle_ends.append(request)

    def covers(self, finding: Finding, code: str) -> bool:
        """Whether a finding of a rule is suppressed: what counts is where it starts."""
        found = False
        for wish in self._wishes:
            if wish.covers(code, finding.start):
                wish.used = found = True
        return found

    def unknown(self) -> Iterator[tuple[Request, str]]:
        """The requests that name no rule, each with the name that is none; empty where they name nothing at all."""
        for request in self.requests:
            if request.action == "key":
                yield request, ".".join(request.selectors)
            elif not request.selectors:
                # An empty list of the front matter says what it means.
                if request.action != "enable" and not request.in_meta:
                    yield request, ""
            else:
                yield from ((request, name) for name in request.selectors if not self.codes(name))

    def unused(self, was_run: Callable[[str], bool]) -> Iterator[tuple[Request, list[str]]]:
        """The requests with the names that have suppressed nothing though every rule that they mean was run.

        No names for an "enable" that ends nothing.
        """
        idle: dict[Request, list[str]] = {}
        for wish in self._wishes:
            if wish.codes and not wish.used and all(was_run(code) for code in wish.codes):
                idle.setdefault(wish.request, []).append(wish.selector)
        yield from idle.items()
        yield from ((request, []) for request in self._idle_ends)
