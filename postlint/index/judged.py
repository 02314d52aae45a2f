"""The report of a few posts, each judged by the index of its corpus: what a run over all posts reports of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache

from postlint import readers
from postlint.dispatch import Dispatch
from postlint.index.catalog import Known
from postlint.index.changes import ChangedFile
from postlint.index.disk import UNKNOWN, UNREADABLE, content_hash
from postlint.index.index import Index
from postlint.index.one_post import OnePost
from postlint.index.pieces import UnusableError
from postlint.index.state import State
from postlint.index.view import Fresh, View
from postlint.inspecting import bound_inspections
from postlint.judges.subject import Judge, Subject
from postlint.loading import Load, Posts
from postlint.rules import Options, Rule, all_rules, with_house
from postlint.settings import Settings
from postlint.settle import Asked, locate_in, settle
from postlint.suppressions import Request, of_post
from postlint.violations import Finding, Report

WEIGHING = "BP004"
"""The rule whose options say what a post of mostly shared text is, and so how much its repeated segments weigh."""


def judges(settings: Settings, min_words: int) -> list[tuple[str, Judge]] | None:
    """The selected rules that compare posts, each bound to its options; None where one can't judge a post alone.

    Posts of at least `min_words` words have a place in the bands of the index.
    """
    rules = with_house(settings.house_rules)
    found = []
    for code in settings.codes:
        rule, options = rules[code], settings.options.get(code, {})
        if rule.scope == "corpus":
            judge = rule.judge(options, settings.as_of)
            if judge is None or _looks_elsewhere(rule, options, min_words):
                return None
            found.append((code, judge))
    return found


def _looks_elsewhere(rule: Rule, options: Options, min_words: int) -> bool:
    """Whether a rule compares other posts than those that stand in the bands: one of the user's own may."""
    bound = {**rule.defaults(), **options, **rule.parameters}
    return rule.check == "near_body" and bound["measure"] == "resemblance" and bound["min-words"] != min_words


def report(
    paths: Sequence[str],
    settings: Settings,
    bound: Sequence[tuple[str, Judge]],
    index: Index,
    state: State,
    load: Load,
    unsaved: Collection[str],
    min_words: int,
    inspections: Dispatch | None = None,
) -> Report:
    """The report of files. What `load` gives for those of `unsaved` is not what the state says of them.

    `inspections` are those of the settings, where they are bound already. Raises UnusableError where a file is not what
    it is known as.
    """
    source = cache(load)
    posts = Posts(source, settings.fields)
    files = dict(state.changed)
    for path in unsaved:
        files[path] = _outside(path, source, index, min_words)
    for path in paths:
        # What stands outside of the corpus is judged by it all the same.
        if path not in files and (index.catalog.file(path) is None or path in state.gone):
            files[path] = _outside(path, source, index, min_words)
    view = _view(index, state, files, settings, source)
    inspections = inspections or bound_inspections(settings)
    weights = {**all_rules()[WEIGHING].defaults(), **settings.options.get(WEIGHING, {})}
    found: list[tuple[str, Finding]] = []
    titles = {}
    requests: dict[tuple[str, int], Sequence[Request]] = {}
    count = 0
    for path in paths:
        for post in posts.of(path):
            for code, finding in inspections(post):
                finding.path, finding.number = path, post.number
                found.append((code, finding))
            if post.format == "unreadable":
                continue
            if post.title is not None:
                titles[path, post.number] = post.title.value
            if wanted := of_post(post):
                requests[path, post.number] = wanted
        for known in _known(path, files, index):
            count += 1
            subject = Subject(known, view.facts(known), view, weights)
            for code, judge in bound:
                found.extend((code, finding) for finding in judge(subject))

    asked = Asked(requests, compared=bool(bound) and view.posts > 1)
    settled = settle(found, settings, posts.stretch, locate_in(posts), titles, asked)
    return Report(
        as_of=settings.as_of,
        files=len(paths),
        posts=count,
        violations=settled.violations,
        suppressed=settled.suppressed,
        rules=settled.rules,
    )


def _outside(path: str, source: Load, index: Index, min_words: int) -> ChangedFile:
    try:
        return ChangedFile.read(path, source(path), UNKNOWN, index.catalog, min_words)
    except OSError:
        return ChangedFile(UNREADABLE, UNKNOWN)


def _known(path: str, files: Mapping[str, ChangedFile], index: Index) -> Sequence[Known]:
    if path in files:
        return [post.known for post in files[path].posts]
    file = index.catalog.file(path)
    return file.posts if file is not None else ()


def _view(index: Index, state: State, files: Mapping[str, ChangedFile], settings: Settings, source: Load) -> View:
    gone: list[int] = []
    for path in {*state.gone, *files}:
        file = index.catalog.file(path)
        if file is not None:
            gone += [post.id for post in file.posts]
    fresh: list[Fresh] = [post for file in files.values() for post in file.posts]

    def read(known: Known) -> OnePost:
        try:
            data = source(known.path)
        except OSError as error:
            raise UnusableError(f"{known.path} can't be read any more") from error
        if content_hash(data) != known.content:
            raise UnusableError(f"{known.path} has changed in the meantime")
        return OnePost(next(post for post in readers.read(known.path, data) if post.number == known.number))

    return View(index, gone, fresh, read, settings.likeness)
