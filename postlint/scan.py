"""One look at a source for the texts of all rules: which rules it holds a text of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from postlint.lazy_pattern import lazy_pattern
from postlint.needs import Needs

Scan = Callable[[str], set[int]]
"""A source to the numbers of the rules whose texts it holds."""
_Search = tuple[bytes, bytes, frozenset[int]]
"""What must be found first, the whole text, and the rules that need it."""

# A search for several bytes takes ten times as long as one for a single byte, and half as long as a copy of the few
# bytes of a source that are rare. So a text is looked for where its rare bytes stand in such a copy, in their order
# and without others between them; a text that has less than two of these, where the rarest of its bytes is at all.
_RARE_MARKS = frozenset(b"!#$%&*+-;<=>?@[\\]^_`{|}~")
_RARE_LETTERS = frozenset(b"jqxz")
_CAPITALS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_COMMON = b" etaoinsrhldcumfpgwybv.,-kETAOINSRHLDCUMFPGWYBV)('\":/0123456789jqzxKXJQZ[]"
MANY = 20
"""From this many texts on, looking for them at once takes less time than one by one."""
_BRACKETED = lazy_pattern(rb"\[[\\ *_]{0,4}([a-z]+)")


def scanner(needs: Sequence[Needs | None], with_numpy: bool = False) -> Scan:
    """The one function for the texts that rules need, each rule by its position.

    numpy is for runs that import it anyway: it finds many texts at once, but importing it takes as long as the search
    of hundreds of posts without it.
    """
    said = {number: need for number, need in enumerate(needs) if need is not None}
    exact = _by_text({number: need.exact for number, need in said.items()})
    literals = _by_text({number: need.literals for number, need in said.items()})
    brackets = _by_text({number: need.brackets for number, need in said.items()})
    exact_rare = _rare(exact, _RARE_MARKS | _RARE_LETTERS | _CAPITALS)
    literals_rare = _rare(literals, _RARE_MARKS | _RARE_LETTERS)
    exact_others = [search for search in _others(exact, exact_rare) if search[1].isascii()]
    exact_foreign = [search for search in _others(exact, exact_rare) if not search[1].isascii()]
    literals_others = _others(literals, literals_rare)
    search_windows = None
    if with_numpy and len(literals_others) >= MANY:
        from postlint.windows import WIDTH, window_search

        search_windows = window_search([search[1:] for search in literals_others if len(search[1]) >= WIDTH], _rank)
        literals_others = [search for search in literals_others if len(search[1]) < WIDTH]
    kept_literals = frozenset(b"".join(rare + rare.upper() for rare, _, _ in literals_rare))
    kept = frozenset(b"".join(rare for rare, _, _ in exact_rare)) | kept_literals
    dropped = _all_but(kept)
    dropped_literals = _all_but(kept_literals)

    def scan(source: str) -> set[int]:
        # As bytes: lowering a text that is not all ASCII takes ten times as long as the searches it is for.
        data = source.encode("utf-8", "surrogatepass")
        found: set[int] = set()
        rare = data.translate(None, dropped)
        _search(exact_rare, rare, data, found)
        _search(exact_others, data, data, found)
        if len(data) != len(source):
            _search(exact_foreign, data, data, found)
        data = data.lower()
        _search(literals_rare, rare.translate(None, dropped_literals).lower(), data, found)
        _search(literals_others, data, data, found)
        if search_windows is not None:
            search_windows(data, found)
        if brackets and b"[" in data:
            for word in brackets.keys() & _BRACKETED.findall(data):
                found |= brackets[word]
        return found

    return scan


def _search(searches: Iterable[_Search], first: bytes, data: bytes, found: set[int]) -> None:
    for rare, text, numbers in searches:
        if rare in first and text in data:
            found |= numbers


def _by_text(texts: Mapping[int, frozenset[str]]) -> dict[bytes, frozenset[int]]:
    return {
        text.encode("utf-8", "surrogatepass"): frozenset(number for number in texts if text in texts[number])
        for text in sorted(frozenset().union(*texts.values()))
    }


def _rare(texts: Mapping[bytes, frozenset[int]], alphabet: frozenset[int]) -> list[_Search]:
    """The searches for texts of two rare bytes or more: these, the text, the rules."""
    searches = ((bytes(byte for byte in text if byte in alphabet), text, numbers) for text, numbers in texts.items())
    return [search for search in searches if len(search[0]) > 1]


def _others(texts: Mapping[bytes, frozenset[int]], taken: Iterable[_Search]) -> list[_Search]:
    """The searches for the texts that are left: the rarest byte of each, the text, the rules."""
    done = {text for _, text, _ in taken}
    return [(_rarest(text), text, numbers) for text, numbers in texts.items() if text not in done]


def _rank(byte: int) -> int:
    """How rare a byte is: the more the rarer."""
    # The first byte of a character of UTF-8 is that of a whole alphabet, the later ones tell more.
    return _COMMON.find(byte) if byte in _COMMON else len(_COMMON) + (byte < 0xC0)


def _rarest(text: bytes) -> bytes:
    return bytes([max(text, key=_rank)]) if text else b""


def _all_but(kept: frozenset[int]) -> bytes:
    return bytes(byte for byte in range(256) if byte not in kept)
