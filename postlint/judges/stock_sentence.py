"""See `checks/stock_sentence.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.judges.near_copies import near_copies
from postlint.judges.subject import Judge, Subject
from postlint.rules import Options
from postlint.violations import Finding, Related


def bind(options: Options, as_of: date) -> Judge:
    """Sentences of `min-words` in `min-posts` posts, outside paragraphs that are copies or near copies themselves."""
    min_words, min_posts = options["min-words"], options["min-posts"]

    def is_covered(subject: Subject, row: int) -> bool:
        if subject.witness("paragraph", subject.facts.paragraphs[row].key) is not None:
            return True
        return bool(near_copies(subject, row, options["min-paragraph-words"], options["containment"]))

    def judge(subject: Subject) -> Iterator[Finding]:
        reported = set()
        for sentence in subject.facts.sentences:
            if sentence.size < min_words or sentence.paragraph in reported:
                continue
            witness = subject.witness("sentence", sentence.key)
            df = subject.view.df("sentence", sentence.key) if witness is not None else 0
            if witness is None or df < min_posts or is_covered(subject, sentence.paragraph):
                continue
            reported.add(sentence.paragraph)
            place, text = subject.sentence(sentence)
            other = subject.view.first_place(witness, "sentence", sentence.key)
            yield Finding.at(
                place,
                values={"posts": df, "sentence": " ".join(text.split()), "words": sentence.size},
                related=(Related(other, "also here"),),
                minor=not subject.heavy,
            )

    return judge
