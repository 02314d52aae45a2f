"""`postlint compare`: two posts side by side."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import click

from postlint.commands.output import wants_colour, write_file, write_stdout
from postlint.errors import UserError

if TYPE_CHECKING:
    from postlint.field_map import FieldMaps
    from postlint.loading import Posts
    from postlint.post import Post

COLUMNS = 120
"""Columns of a line where no terminal says how many it has."""


@click.command(short_help="Show what two posts share, side by side.")
@click.argument("first", metavar="FIRST")
@click.argument("second", metavar="SECOND")
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(["text", "html"]),
    default="text",
    show_default=True,
    help="Columns of text, or a page that needs nothing else.",
)
@click.option("--output", "-o", metavar="FILE", help="Write to a file instead of stdout.")
def compare(first: str, second: str, form: str, output: str | None) -> int:
    """Show what two posts share: resemblance, containment, shared sentences, and their paragraphs side by side.

    Of a file that holds many posts, FILE#2 is the third, as in reports.

    \b
    Exit codes:
      0  the posts were compared, whatever they share
      2  wrong usage, or one of them can't be read
    """
    from postlint import side_by_side

    found = side_by_side.compare(_post(first), _post(second))
    to_file = output is not None and output != "-"
    if form == "html":
        from postlint.reporters import compare_html

        pieces = compare_html.render(found)
    else:
        from postlint.reporters import compare_text

        columns = COLUMNS if to_file else _columns()
        pieces = compare_text.render(found, columns, colour=not to_file and wants_colour(sys.stdout))
    if output is not None and to_file:
        write_file(output, pieces)
    else:
        write_stdout(pieces)
    return 0


def _columns() -> int:
    return shutil.get_terminal_size((COLUMNS, 0)).columns


def _post(name: str) -> Post:
    """The post of a file, or of a file of many the one of a number (`FILE#2`), else the first. Raises UserError."""
    from postlint.discover import discover
    from postlint.loading import Files, Posts

    if os.path.isdir(name):
        raise UserError(f"{name}: is a folder; name one post")
    path, number = _parts(name)
    fields = _fields(path)
    (path,) = discover([path], fields=fields)
    with closing(Posts(Files(), fields)) as posts:
        try:
            post = posts.one(path, number or 0)
        except LookupError as error:
            raise UserError(f"{path}: has no post of number {number or 0}") from error
        except OSError as error:
            raise UserError(f"{path}: {error.strerror or error}") from error
        if number is None and _has(posts, path, 1):
            from postlint.commands.asked import say

            say(f"{path} holds several posts: this is the first, {path}#1 the second")
    if post.format == "unreadable":
        raise UserError(f"{name}: {post.problems[0].values['reason']}")
    return post


def _parts(name: str) -> tuple[str, int | None]:
    """Path and number of a post, as reports name it; a `#` may be part of the name of a file, too."""
    path, _, number = name.rpartition("#")
    if path and number.isascii() and number.isdigit() and not os.path.exists(name):
        return path, int(number)
    return name, None


def _has(posts: Posts, path: str, number: int) -> bool:
    try:
        posts.one(path, number)
    except LookupError:
        return False
    return True


def _fields(path: str) -> FieldMaps:
    """How the configuration says records are read; it has a word only in files of records."""
    from postlint.field_map import NO_MAPS
    from postlint.readers import MAPPED, module_of

    if module_of(path) not in MAPPED:
        return NO_MAPS
    from postlint.config import nearest_file, read

    found = nearest_file([path])
    return read(found).fields if found is not None else NO_MAPS
