"""`postlint init`: a small configuration for the site it finds, and what a first run would report."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from postlint.commands.asked import Place, asked
from postlint.commands.completing import folders
from postlint.commands.output import write_stdout
from postlint.commands.targets import Wanted
from postlint.config import nearest_file
from postlint.discover import discover
from postlint.errors import UserError
from postlint.reporters.terminal import counted, visible

if TYPE_CHECKING:
    from postlint.violations import Report

FILE = "postlint.toml"
TOP = 5
"""Rules that are shown."""
PAGE = "https://github.com/postlint/postlint/blob/main/docs/configuration.md"


class Kind(NamedTuple):
    """A kind of site: the files that tell it, and the folders that its posts are in, of which some may be there."""

    name: str
    marks: tuple[str, ...]
    folders: tuple[str, ...]


KINDS = (
    Kind("Hugo", ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "archetypes/default.md"), ("content",)),
    Kind("Astro", tuple(f"astro.config.{end}" for end in ("mjs", "js", "ts", "mts")), ("src/content", "src/pages")),
    Kind("Docusaurus", tuple(f"docusaurus.config.{end}" for end in ("js", "ts", "mjs")), ("blog", "docs")),
    Kind(
        "Eleventy",
        (".eleventy.js", *(f"eleventy.config.{end}" for end in ("js", "mjs", "cjs", "ts"))),
        ("content", "posts", "src/posts", "src/content", "src"),
    ),
    Kind("Jekyll", ("_config.yml", "_config.yaml", "_config.toml"), ("_posts", "_drafts")),
)
"""In the order in which they are looked for: what tells Hugo tells nothing else, and a Jekyll file may be left over."""


class Site(NamedTuple):
    """What was found in a folder: its kind, and the files and folders of its posts."""

    name: str
    corpus: tuple[str, ...]


@click.command(short_help="Write a small postlint.toml for the site of a folder.")
@click.argument("folder", default=".", metavar="[FOLDER]", shell_complete=folders)
def init(folder: str) -> None:
    """Write a small postlint.toml for the site of a folder, and show what a first run finds.

    What is there is never written over. Known are Hugo, Jekyll, Astro, Docusaurus, Eleventy and exports of WordPress.
    """
    if not os.path.isdir(folder):
        raise UserError(f"{folder}: no such folder")
    with chdir(folder):
        there = nearest_file(["."])
        if there is not None and there.absolute().parent == Path.cwd():
            raise UserError(f"{there.name} is there already; nothing was written")
        site = found_site()
        _write(site)
        write_stdout(_told(site, _first_report()))


def found_site() -> Site:
    """The site of the working directory. Raises UserError where it has no posts."""
    for kind in KINDS:
        folders = _outermost([folder for folder in kind.folders if os.path.isdir(folder)])
        if any(map(os.path.isfile, kind.marks)) and discover(folders):
            article = "an" if kind.name[0] in "AE" else "a"
            return Site(f"{article} {kind.name} site", tuple(folders))
    files = discover(["."])
    if not files:
        raise UserError("there are no posts in this folder; nothing was written")
    exports = [file for file in files if file.endswith(".xml")]
    if exports:
        return Site("an export of WordPress", tuple(exports))
    return Site("a folder of posts", (".",))


def _outermost(folders: Sequence[str]) -> list[str]:
    """Folders without those that are in another one."""
    return [folder for folder in folders if not any(folder.startswith(f"{other}/") for other in folders)]


def _write(site: Site) -> None:
    corpus = ", ".join(_quoted(path) for path in site.corpus)
    text = (
        f"# Written by `postlint init` for {site.name}. What else can be said here: {PAGE}\n\n"
        "# What posts are judged against, and what `postlint check` reports on where nothing is named.\n"
        f"corpus = [{corpus}]\n\n"
        "# From which severity on a run fails: error, warning, info or never.\n"
        'fail-on = "warning"\n'
    )
    try:
        with open(FILE, "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UserError(f"{FILE} is there already; nothing was written") from error
    except OSError as error:
        raise UserError(f"{FILE}: can't be written: {error.strerror}") from error


def _quoted(path: str) -> str:
    import json

    # Of what JSON may write a string as, TOML reads all but surrogates, and no name of a file has those to offer.
    return json.dumps(path, ensure_ascii=False)


def _first_report() -> Report:
    from postlint.selection import Selection

    place = Place(config_file=FILE)
    run = asked(Wanted(()), Selection(), place, as_of=None, exact=False, jobs=None, quiet=False, verbose=False)
    return run.found().whole


def _told(site: Site, report: Report) -> Iterator[str]:
    yield f"Wrote {FILE} for {site.name}: {', '.join(map(visible, site.corpus))}.\n\n"
    found, posts = counted(len(report.violations), "violation"), counted(report.posts, "post")
    yield f"A run finds {found} in {report.posts_with_violations} of {posts}"
    codes = Counter((violation.code, violation.name) for violation in report.violations)
    yield ", most often:\n" if codes else ".\n"
    for (code, name), count in sorted(codes.items(), key=lambda item: (-item[1], item[0]))[:TOP]:
        yield f"  {count:>6}  {code}  {name}\n"
    yield "\nNext:\n"
    yield "  postlint --format full     each violation with its lines and what to do\n"
    if codes:
        yield f"  postlint rule {max(codes, key=lambda key: codes[key])[0]:<12} what a rule finds, and why\n"
        yield "  postlint baseline create   take what is there for known, and report what is new\n"
    yield "  postlint server            violations as you type, in your editor\n"
