"""The index: what it says of one post is what a run over all posts says."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import cast

from corpora import some_posts, stitched_posts
from hypothesis import given, settings
from hypothesis import strategies as st

from postlint import readers
from postlint.corpus import Corpus
from postlint.facts import digest
from postlint.index import build
from postlint.index.catalog import Known
from postlint.index.disk import content_hash
from postlint.index.index import Index
from postlint.index.judged import judges
from postlint.index.keys import keys_of
from postlint.index.one_post import OnePost
from postlint.index.view import Fresh, View
from postlint.joining import join
from postlint.judges.subject import Subject
from postlint.rules import Compare, all_rules
from postlint.settings import LIKENESS, Settings
from postlint.violations import Finding

AS_OF = date(2026, 11, 20)


class Memory:
    """Pieces that are in no file."""

    def __init__(self, pieces: Mapping[str, bytes]) -> None:
        self._pieces = dict(pieces)

    def need(self, name: str) -> bytes:
        return self._pieces[name]


def corpus_of(posts: Mapping[str, str]) -> Corpus:
    read = {path: readers.read(path, text.encode()) for path, text in posts.items()}
    rules = all_rules()
    return Corpus(
        join([digest([post for path in sorted(read) for post in read[path]])]),
        read.__getitem__,
        weights=rules["BP004"].defaults(),
    )


def view_of(before: Mapping[str, str], now: Mapping[str, str], min_words: int) -> tuple[View, dict[str, list[Known]]]:
    """A view of the posts of now by an index of those before, and the posts of each path."""
    made = build.pieces(
        corpus_of(before), {path: content_hash(before[path].encode()) for path in sorted(before)}, min_words
    )
    index = Index(Memory(dict(made)))  # type: ignore[arg-type]
    gone: list[int] = []
    fresh = []
    found: dict[str, list[Known]] = {}
    for path in sorted({*before, *now}):
        file = index.catalog.file(path)
        if path in now and file is not None and file.content == content_hash(now[path].encode()):
            found[path] = file.posts
            continue
        gone += [post.id for post in file.posts] if file is not None else []
        if path in now:
            ahead = index.catalog.before(path)
            for post in readers.read(path, now[path].encode()):
                facts = OnePost(post)
                known = Known.of(facts, ahead, content_hash(now[path].encode()))
                fresh.append(Fresh(known, keys_of(facts, min_words), facts))
                found.setdefault(path, []).append(known)

    def read(known: Known) -> OnePost:
        return OnePost(readers.read(known.path, now[known.path].encode())[known.number])

    return View(index, gone, fresh, read, LIKENESS), found


CORPUS_RULES = [
    code
    for code, rule in all_rules().items()
    if rule.scope == "corpus" and rule.judge(rule.defaults(), AS_OF) is not None
]
SMALL = {"min-words": 5, "min-paragraph-words": 5, "min-sentence-words": 4}
"""Options under which short posts are compared as long ones are."""


def shown(finding: Finding) -> str:
    return repr([getattr(finding, name) for name in Finding.__slots__])


def assert_judged_as_compared(before: Mapping[str, str], now: Mapping[str, str], codes: Iterable[str]) -> None:
    """What judges find in each post of now, by an index of the posts before, is what checks find in all."""
    rules = all_rules()
    corpus = corpus_of(now)
    view, found = view_of(before, now, 5)
    subjects = {
        path: [Subject(known, view.facts(known), view, rules["BP004"].defaults()) for known in posts]
        for path, posts in found.items()
    }
    for code in codes:
        options = {name: value for name, value in SMALL.items() if name in rules[code].defaults()}
        compare = cast(Compare, rules[code].bind(options, AS_OF))
        expected = list(compare(corpus))
        judge = rules[code].judge(options, AS_OF)
        assert judge is not None
        for path, mine in subjects.items():
            judged = sorted(shown(finding) for subject in mine for finding in judge(subject))
            assert judged == sorted(shown(finding) for finding in expected if finding.path == path), (code, path)


def test_judges_know_when_a_finding_weighs_less() -> None:
    """Equal titles of one week and of two years, slugs of one day and of two, short lines and long ones said twice."""
    body = "The ferry does not sail in fog, and the fog here comes in on the tide. " * 2
    line = "See the list of all changes of this version on its own page."
    before = {
        f"{name}.md": f"---\ntitle: {title}\nslug: {slug}\ndate: {day}\n---\n\n{text}\n"
        for name, title, slug, day, text in [
            ("pier", "The state of the pier", "pier", "2020-01-01", body + "\n\n" + body),
            ("boats", "The state of the pier", "boats", "2024-01-01", line + "\n\n" + line),
            ("ferry", "The state of the pier", "ferry", "2024-01-05", "Nobody has asked for it."),
            ("2020-02-02-rye", "Rye bread for four", "bread", "2020-02-02", "It rises slowly."),
            ("2024-03-03-oven", "An oven of clay", "bread", "2024-03-03", "It wants dry wood."),
            ("2024-03-03-knife", "Knives and saws", "bread", "2024-03-03", "It wants a stone."),
            ("2020-05-05-kites", "Kites and how to tie them", "kites", "", "They want wind."),
            ("2024-05-05-knots", "Kites and how to tie them", "knots", "", "They want rope."),
            ("moor-weekly-news-12", "Moor Weekly News 12", "news", "2024-02-05", body),
        ]
    }
    assert_judged_as_compared({}, before, ["ND004", "ND008", "BP001", "BP006", "BP007"])
    assert_judged_as_compared(before, dict(list(before.items())[1:]), ["ND004", "ND008", "BP001", "BP006", "BP007"])


def some_now(before: Mapping[str, str], other: Mapping[str, str], rng: random.Random) -> dict[str, str]:
    """Posts of which some were before, some are edited, some are new, and some that were are gone."""
    now = dict(before)
    for path in rng.sample(sorted(before), rng.randrange(len(before))):
        del now[path]
    edits = list(other.values())
    for path in rng.sample(sorted(now), min(len(now), 3)):
        now[path] = rng.choice(edits)
    now.update(rng.sample(sorted(other.items()), rng.randrange(1, len(other) + 1)))
    return now


def test_every_rule_that_is_on_can_judge_a_post_alone() -> None:
    """With one that can't, each commit would read the whole corpus."""
    on = {code for code, rule in all_rules().items() if rule.scope == "corpus" and rule.default}
    assert on <= set(CORPUS_RULES)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6))
def test_a_judge_finds_what_its_check_finds(seed: int) -> None:
    rng = random.Random(seed)
    before = some_posts(seed, rng.randrange(1, 14))
    assert_judged_as_compared(before, some_now(before, some_posts(seed + 1, 8), rng), CORPUS_RULES)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_judges_of_posts_that_are_much_alike(seed: int) -> None:
    """More posts have a key than any window is wide, and more are alike than are looked at."""
    rng = random.Random(seed)
    before = stitched_posts(seed, 60)
    assert_judged_as_compared(before, some_now(before, stitched_posts(seed + 1, 12), rng), CORPUS_RULES)


def test_a_template_is_told_in_the_words_of_the_first_post() -> None:
    """Two paragraphs that spell alike words unlike: the judge of either gives the template that the check gives."""
    frame = "{0} spring comes, {1} stops being a chore and becomes the part of the year that {2} waits for."
    posts = {
        "boat.md": frame.format("When", "painting the boat", "Everyone"),
        "kiln.md": frame.format("when", "looking after an old kiln", "everyone"),
    }
    assert_judged_as_compared(posts, posts, ["BP005"])


def test_a_rule_for_shorter_posts_than_the_index_has_reads_them_all() -> None:
    rule = all_rules()["ND002"]
    own = replace(rule, code="HOUSE1", parameters={**rule.parameters, "min-words": 10}, house=True)
    for house, can_judge in (((), True), ((own,), False)):
        codes = ("ND002", *(rule.code for rule in house))
        found = judges(Settings(codes=codes, as_of=AS_OF, house_rules=house), rule.defaults()["min-words"])
        assert (found is not None) is can_judge
