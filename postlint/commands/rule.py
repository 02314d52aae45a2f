"""`postlint rule`: the page of one rule, or of all."""

from __future__ import annotations

import click

from postlint.commands.output import write_stdout


@click.command(short_help="Show what a rule finds, why, and what to do.")
@click.argument("name", metavar="CODE|NAME", required=False)
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
def rule(name: str | None, every: bool, form: str) -> None:
    """Show what a rule finds, why, and what to do: `postlint rule REV001`, `postlint rule needs-human-review`."""
    from postlint import documentation, rules

    if every == (name is not None):
        raise click.UsageError("name a rule, or say --all")
    if name is not None:
        write_stdout(documentation.page(rules.find(name), form))
    else:
        write_stdout(documentation.pages(list(rules.all_rules().values()), form))
