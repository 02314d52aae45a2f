"""One sentence used in several posts, in a paragraph that is otherwise the post's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from postlint.corpus import Corpus
from postlint.near_paragraphs import near_copies
from postlint.rules import Compare, Options
from postlint.shapes import Shape, count, gives, share
from postlint.shared_text import stitched
from postlint.violations import Finding, Related

SHAPE = Shape(
    scope="corpus",
    takes={
        "min-words": count("Shorter sentences are passed over."),
        "min-posts": count("Posts that have it."),
        "min-paragraph-words": count("From this many words on a paragraph is one."),
        "containment": share("From here on a paragraph is a near copy."),
    },
    gives=gives("posts", "sentence", "words"),
)


def bind(options: Options, as_of: date) -> Compare:
    """Sentences of `min-words` in `min-posts` posts, outside paragraphs that are copies or near copies themselves."""
    min_words, min_posts = options["min-words"], options["min-posts"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        facts = corpus.facts
        sentences, repeats = facts.sentences, corpus.repeats("sentence")
        paragraphs = facts.paragraphs
        covered = corpus.repeats("paragraph").witness >= 0
        covered[near_copies(corpus, options["min-paragraph-words"], options["containment"]).paragraph] = True
        heavy = stitched(corpus)
        rows = np.flatnonzero((repeats.witness >= 0) & (repeats.df >= min_posts) & (sentences.size >= min_words))
        rows = rows[~covered[sentences.paragraph[rows]]]
        reported = set()
        for row in rows.tolist():
            paragraph = int(sentences.paragraph[row])
            if paragraph in reported:
                continue
            reported.add(paragraph)
            place, text = corpus.sentence(row)
            yield Finding.at(
                place,
                values={
                    "posts": int(repeats.df[row]),
                    "sentence": " ".join(text.split()),
                    "words": int(sentences.size[row]),
                },
                related=(
                    Related(corpus.place(paragraphs, int(sentences.paragraph[repeats.witness[row]])), "also here"),
                ),
                minor=not heavy[paragraphs.post[paragraph]],
            )

    return compare
