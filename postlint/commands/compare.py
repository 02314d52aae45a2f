"""`postlint compare`: two posts side by side."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import click

from postlint.commands.output import wants_colour, write_file, write_stdout
from postlint.errors import UserError

if TYPE_CHECKING:
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


def _post(path: str) -> Post:
    """The post of a file. Raises UserError where there is none, or more than one."""
    from postlint.discover import discover
    from postlint.loading import Files, Posts

    if os.path.isdir(path):
        raise UserError(f"{path}: is a folder; name one post")
    posts = list(Posts(Files()).of(discover([path])[0]))
    if len(posts) != 1:
        raise UserError(f"{path}: holds {len(posts)} posts; name a file of one")
    post = posts[0]
    if post.format == "unreadable":
        raise UserError(f"{path}: {post.problems[0].values['reason']}")
    return post
