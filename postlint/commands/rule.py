"""`postlint rule`: the page of one rule, or of all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postlint.commands.completing import rules as rules_of
from postlint.commands.output import write_stdout

if TYPE_CHECKING:
    from postlint.rules import Rule


@click.command(short_help="Show what a rule finds, why, and what to do.")
@click.argument("name", metavar="CODE|NAME", required=False, shell_complete=rules_of)
@click.option("--all", "every", is_flag=True, help="Every rule.")
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="The form of the page.",
)
@click.option("--config", "config_file", metavar="FILE", help="Take your own rules from this configuration file.")
@click.option("--isolated", is_flag=True, help="Use no configuration file: postlint's rules alone.")
def rule(name: str | None, every: bool, form: str, config_file: str | None, isolated: bool) -> None:
    """Show what a rule finds, why, and what to do: `postlint rule REV001`, `postlint rule needs-human-review`.

    Your own rules are those of the configuration file that a check of the working directory would use.
    """
    from postlint import documentation, rules

    if every == (name is not None):
        raise click.UsageError("name a rule, or say --all")
    if config_file is not None and isolated:
        raise click.UsageError("--config and --isolated exclude each other")
    found = rules.find(name) if name is not None else None
    if found is None:
        known = rules.with_house(house_rules(config_file, isolated=isolated))
        if name is None:
            write_stdout(documentation.pages(list(known.values()), form))
            return
        found = rules.named(name, known)
    write_stdout(documentation.page(found, form))


def house_rules(config_file: str | None, *, isolated: bool) -> Sequence[Rule]:
    """The user's own rules, by the configuration file that is named or found."""
    from postlint.config import nearest_file, read

    path = None if isolated else Path(config_file) if config_file is not None else nearest_file(["."])
    return read(path).rule_files if path else ()
