"""`postlint schema`: the JSON Schema of rule files, of the configuration or of reports, for editors and programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from postlint.commands.output import write_stdout
from postlint.commands.rule import house_rules


@click.command(short_help="Print the JSON Schema of rule files, of the configuration or of reports.")
@click.argument("name", metavar="rules|config|report", type=click.Choice(["rules", "config", "report"]))
@click.option("--config", "config_file", metavar="FILE", help="Take your own rules from this configuration file.")
@click.option("--isolated", is_flag=True, help="Use no configuration file: postlint's rules alone.")
def schema(name: str, config_file: str | None, isolated: bool) -> None:
    """Print a JSON Schema: of rule files ("rules"), of postlint.toml ("config") or of JSON reports ("report").

    That of the configuration knows your own rules: those of the configuration file that is named, or that a check of
    the working directory would use.
    """
    if config_file is not None and isolated:
        raise click.UsageError("--config and --isolated exclude each other")
    write_stdout(_lines(name, config_file, isolated=isolated))


def _lines(name: str, config_file: str | None, *, isolated: bool) -> Iterator[str]:
    if name == "report":
        yield (Path(__file__).parents[1] / "schema" / "report.schema.json").read_text(encoding="utf-8")
        return
    if name == "rules":
        from postlint.schema.rule_files import rule_file_schema

        found = rule_file_schema()
    else:
        from postlint.rules import with_house
        from postlint.schema.configuration import configuration_schema

        found = configuration_schema(with_house(house_rules(config_file, isolated=isolated)))
    yield json.dumps(found, indent=2, ensure_ascii=False, default=str) + "\n"
