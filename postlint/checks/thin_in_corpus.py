"""Posts that are far shorter than the others of their section."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from posixpath import commonpath
from statistics import median

from postlint.checks.thin_content import text_words
from postlint.corpus import Corpus
from postlint.rules import Compare, Options
from postlint.shapes import Shape, count, gives
from postlint.violations import Finding

SHAPE = Shape(
    scope="corpus",
    takes={
        "min-posts": count("With fewer posts nothing is said."),
        "min-group": count("Sections with fewer posts are not judged."),
    },
    gives=gives("words", "median", "posts", "where"),
)


def bind(options: Options, as_of: date) -> Compare:
    """Below half of the median and more than three median absolute deviations below it.

    Counted are the words of paragraphs, in a corpus of at least `min-posts` posts and among at least `min-group` of one
    section and language. A section is the first folder below the one that all posts are in; folders of numbers, such as
    years, are none.
    """
    min_posts, min_group = options["min-posts"], options["min-group"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        written = [(post, int(words)) for post, words in enumerate(corpus.prose_words) if words]
        if len(written) < min_posts:
            return
        folders = _sections([corpus.posts.path[post] for post, _ in written])
        groups: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for (post, words), section in zip(written, folders, strict=True):
            groups.setdefault((section, corpus.posts.language[post]), []).append((post, words))
        for (section, _), members in groups.items():
            if len(members) >= min_group:
                yield from _thin(corpus, section, members)

    return compare


def _thin(corpus: Corpus, section: str, members: list[tuple[int, int]]) -> Iterator[Finding]:
    middle = median(words for _, words in members)
    deviation = median(abs(words - middle) for _, words in members)
    limit = min(middle / 2, middle - 3 * deviation)
    for post, words in members:
        # A list or table is something to read, too, which the facts do not count.
        if words < limit and (words := _words_to_read(corpus, post)) < limit:
            where = f" in {section}" if section else ""
            values = {"words": words, "median": round(middle), "posts": len(members), "where": where}
            yield Finding.at(corpus.anchor(post), values)


def _words_to_read(corpus: Corpus, post: int) -> int:
    try:
        return text_words(corpus.read_post(corpus.posts.path[post], int(corpus.posts.number[post])))
    except (OSError, LookupError):
        # The file is not what it was a moment ago.
        return 0


def _sections(paths: list[str]) -> list[str]:
    """The section of each path; empty for posts that are in none."""
    folders = [path.rpartition("/")[0] for path in paths]
    # An absolute path and a relative one have no folder in common.
    is_one_kind = len({folder.startswith("/") for folder in folders}) == 1
    common = commonpath(folders) if is_one_kind else ""
    sections = []
    for folder in folders:
        first = folder.removeprefix(common).lstrip("/").partition("/")[0]
        sections.append("" if first.replace("-", "").isdecimal() else first)
    return sections
