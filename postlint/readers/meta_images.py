"""The images that a post's meta declares, in every shape: a string, a list, a map, a list of maps."""

from __future__ import annotations

from postlint.meta import Entry, Meta, fold_key
from postlint.post import Image, Text

_NOT_AN_ADDRESS = frozenset({"", "true", "false", "yes", "no", "null", "none", "~"})
_ALT = frozenset({"alt", "alt text", "image alt"})
_CAPTION = frozenset({"caption", "image caption"})


def images_of(meta: Meta) -> list[Image]:
    """The declared images in order of the meta; alt and caption are those beside the address."""
    addresses = [*meta.all("image"), *meta.all("images")]
    if not addresses:
        return []
    addresses = [entry for entry in addresses if entry.value.strip().casefold() not in _NOT_AN_ADDRESS]
    addresses = [entry for entry in addresses if not entry.value.strip().isdigit()]
    addresses.sort(key=lambda entry: entry.start)
    beside: dict[tuple[str | int, ...], list[Entry]] = {}
    for entry in meta.entries:
        beside.setdefault(entry.path[:-1], []).append(entry)
    images = []
    for entry in addresses:
        # A list of plain addresses has no names beside them; those of a mapping belong to its one address.
        siblings = beside[entry.path[:-1]] if isinstance(entry.path[-1], str) else []
        if len(entry.path) == 1:
            alt = next((other for other in meta.all("image_alt") if len(other.path) == 1), None)
            caption = next((other for other in siblings if fold_key(other.key) == "image caption"), None)
        else:
            alt = next((other for other in siblings if fold_key(other.key) in _ALT), None)
            caption = next((other for other in siblings if fold_key(other.key) in _CAPTION), None)
        image = Image("meta", entry.start, entry.end, _text(entry))
        image.alt = None if alt is None else _text(alt)
        image.caption = None if caption is None else _text(caption)
        images.append(image)
    return images


def title_of(meta: Meta) -> Text | None:
    """The title that the meta gives: `title` itself before its synonyms, the post's own before a nested one."""
    found = [entry for entry in meta.all("title") if entry.value.strip()]
    if not found:
        return None
    best = min(found, key=lambda entry: (len(entry.path), fold_key(entry.key) != "title"))
    return _text(best)


def _text(entry: Entry) -> Text:
    return Text(entry.value, entry.start, entry.end)
