"""One generated article: its prose as plain text, and the Markdown file with front matter that holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from vocabulary import Ids, Vocabulary, number_word

FOLDER = 1000
"""Posts in a folder."""


class Part(NamedTuple):
    """A piece of an article. The items of a list and the lines of code are separated by newlines."""

    kind: Literal["paragraph", "heading", "list", "code", "image"]
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """A generated article; `meta` is what its front matter says, in order."""

    number: int
    title: str
    slug: str
    meta: Sequence[tuple[str, str | Sequence[str]]]
    parts: Sequence[Part]

    @property
    def text(self) -> str:
        """The prose: paragraphs with a blank line between them, without markup."""
        return "\n\n".join(part.text for part in self.parts if part.kind == "paragraph")

    @property
    def path(self) -> str:
        """Where its file stands below the corpus folder."""
        return f"part-{self.number // FOLDER:03}/{self.slug}.md"


def markdown(article: Article) -> str:
    """The file of an article: YAML front matter, then Markdown."""
    lines = ["---", f"title: {article.title}", f"slug: {article.slug}"]
    for key, value in article.meta:
        if isinstance(value, str):
            lines.append(f"{key}: {value}")
        else:
            lines.append(f"{key}:")
            lines.extend(f"  - {item}" for item in value)
    lines.append("---")
    for number, part in enumerate(article.parts):
        lines.append("")
        if part.kind == "paragraph":
            lines.append(_marked_up(part.text, number))
        elif part.kind == "heading":
            lines.append(f"## {part.text}")
        elif part.kind == "list":
            lines.extend(f"- {item}" for item in part.text.split("\n"))
        elif part.kind == "code":
            lines.extend(("```python", part.text, "```"))
        else:
            lines.append(part.text)
    return "\n".join(lines) + "\n"


def _marked_up(text: str, number: int) -> str:
    # Markup around a word leaves the words as they are: the truth of the plain text holds for the file.
    first, _, rest = text.partition(" ")
    if number % 4 == 1:
        return f"**{first}** {rest}"
    if number % 4 == 3:
        return f"[{first}](https://www.generated-journal.com/{first.lower()}/) {rest}"
    return text


def prose(vocabulary: Vocabulary, ids: Ids, sentences: Sequence[Sequence[int]]) -> list[str]:
    """Paragraphs of the words `ids`; `sentences` has for each paragraph the lengths of its sentences in words."""
    words = [vocabulary.words[rank] for rank in ids.tolist()]
    start = 0
    paragraphs = []
    for lengths in sentences:
        written = []
        for length in lengths:
            chosen = words[start : start + length]
            start += length
            chosen[0] = chosen[0].capitalize()
            if length > 14:
                chosen[length // 2] += ","
            written.append(" ".join(chosen) + ".")
        paragraphs.append(" ".join(written))
    return paragraphs


def around(vocabulary: Vocabulary, rng: np.random.Generator, number: int, paragraphs: Sequence[str]) -> Article:
    """An article of these paragraphs, with a title, front matter, headings, a picture and a list of its own."""
    words = vocabulary.words
    drawn = [words[index] for index in (rng.integers(300, 20_000, size=40)).tolist()]
    title = " ".join(drawn[:5]).capitalize()
    tag = number_word(number)
    slug = "-".join([*drawn[:4], tag])
    parts: list[Part] = []
    for index, paragraph in enumerate(paragraphs):
        if index % 4 == 3:
            start = 5 + index % 24
            parts.append(Part("heading", " ".join(drawn[start : start + 3]).capitalize()))
        parts.append(Part("paragraph", paragraph))
        if index == 0:
            image = f"![{' '.join(drawn[5:9])}](https://media.generated-journal.com/{slug}.jpg)"
            parts.append(Part("image", image))
    parts.append(Part("list", "\n".join(" ".join(drawn[start : start + 4]) for start in (24, 28, 32))))
    year, month, day = 2016 + int(rng.integers(9)), 1 + int(rng.integers(12)), 1 + int(rng.integers(28))
    meta = (
        ("date", f"{year}-{month:02}-{day:02}"),
        ("author", f"{drawn[36].capitalize()} {drawn[37].capitalize()}"),
        ("description", " ".join(drawn[9:23]).capitalize() + "."),
        ("tags", drawn[38:40]),
        ("draft", "false"),
    )
    return Article(number, title, slug, meta, parts)


def sentence_lengths(rng: np.random.Generator, words: int, paragraph: int) -> list[list[int]]:
    """Lengths of sentences by paragraph that add up to `words`; paragraphs have about `paragraph` words."""
    paragraphs: list[list[int]] = [[]]
    left = words
    # More than are needed: all drawn at once.
    drawn = iter(rng.integers(7, 26, size=words // 7 + 1).tolist())
    while left:
        length = next(drawn)
        if left - length < 7:
            length = left
        if sum(paragraphs[-1]) >= paragraph:
            paragraphs.append([])
        paragraphs[-1].append(length)
        left -= length
    return paragraphs
