"""What a shell may complete a word of the command line to: rules, files and folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def rules(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The codes of rules, families of them and ALL, after the last comma of a word."""
    from click.shell_completion import CompletionItem

    from postlint.documentation import FAMILIES
    from postlint.rules import all_rules

    before, comma, last = incomplete.rpartition(",")
    known = {"ALL": "every rule", **FAMILIES, **{code: rule.name for code, rule in all_rules().items()}}
    wanted = (name for name in known if name.startswith(last.upper()))
    return [CompletionItem(f"{before}{comma}{name}", help=known[name]) for name in wanted]


def files(ctx: click.Context, parameter: click.Parameter | None, incomplete: str) -> list[CompletionItem]:
    """Files and folders, which the shell knows best."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def folders(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Folders."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="dir")]
