"""Articles as a content synthesizer makes them: wordings from a pool, tail sentences, filled slots, dubious meta."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import template_text as pool
from articles import Article, Part
from vocabulary import number_word


def template(posts: int, seed: int) -> Iterator[Article]:
    """Articles by number."""
    for number in range(posts):
        yield _article(np.random.default_rng([seed, 6, number]), number)


def _one(rng: np.random.Generator, choices: Sequence[str]) -> str:
    return choices[int(rng.integers(len(choices)))]


def _some(rng: np.random.Generator, choices: Sequence[str], count: int) -> list[str]:
    return [choices[index] for index in rng.permutation(len(choices))[:count].tolist()]


def _article(rng: np.random.Generator, number: int) -> Article:
    slots = {"topic": _one(rng, pool.TOPICS), "stack": _one(rng, pool.STACKS), "place": _one(rng, pool.PLACES)}

    def filled(wording: str) -> str:
        text = wording.format_map(slots)
        return text[0].upper() + text[1:]

    subject = f"{slots['topic']} with {slots['stack']}"
    parts = [Part("paragraph", filled(_one(rng, pool.INTROS)))]
    parts += _pictures(rng, subject, 1)
    paragraphs = _some(rng, pool.PARAGRAPHS, int(rng.integers(7, 12)))
    headings = iter(_some(rng, pool.HEADINGS, len(pool.HEADINGS)))
    for index, paragraph in enumerate(paragraphs):
        if index % 3 == 0:
            parts.append(Part("heading", next(headings)))
        tail = f" {filled(_one(rng, pool.TAILS))}" if rng.random() < 0.4 else ""
        parts.append(Part("paragraph", paragraph + tail))
        if index % 4 == 1:
            parts.append(Part("code", _one(rng, pool.SNIPPETS)))
    parts.append(Part("list", "\n".join(_some(rng, pool.ITEMS, 5))))
    parts += _pictures(rng, subject, 2)
    parts.append(Part("paragraph", filled(_one(rng, pool.CLOSINGS))))
    title = f"Working notes on {subject}"
    return Article(number, title, f"{subject.replace(' ', '-')}-{number_word(number)}", _meta(rng, slots), parts)


def _pictures(rng: np.random.Generator, subject: str, count: int) -> list[Part]:
    return [
        Part("image", f"![{subject} picture {index + 1}](https://{_one(rng, pool.IMAGE_HOSTS)}/640x{360 + index})")
        for index in range(count)
    ]


def _meta(rng: np.random.Generator, slots: dict[str, str]) -> list[tuple[str, str | Sequence[str]]]:
    return [
        ("topic", f"{slots['topic']} / {slots['stack']}"),
        (
            "summary",
            f"A generated walk through {slots['topic']} for {slots['stack']}, from first figure to last check.",
        ),
        ("stack", slots["stack"].split()),
        ("difficulty", _one(rng, ("beginner", "intermediate", "advanced"))),
        ("reading_time", str(int(rng.integers(4, 16)))),
        ("view_count", str(int(rng.integers(1_000, 900_000)))),
        ("review_status", _one(rng, ("drafted", "reviewed", "pending"))),
        ("last_reviewed", f"2025-{1 + int(rng.integers(12)):02}-{1 + int(rng.integers(28)):02}"),
        ("needs_human_review", str(int(rng.integers(2)))),
        ("is_ai_generated", "1"),
    ]
