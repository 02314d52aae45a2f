"""`postlint server`: a language server for editors, over standard input and output."""

from __future__ import annotations

from importlib.util import find_spec

import click

from postlint.errors import UserError


@click.command(short_help="Serve an editor by the language server protocol.")
@click.option("--stdio", is_flag=True, help="Talk over standard input and output, as it always does.")
def server(stdio: bool) -> None:
    """Serve an editor by the language server protocol, over standard input and output.

    An editor starts it: docs/editors.md has the set-up of several.
    """
    if find_spec("pygls") is None:
        raise UserError('the editor server needs pygls: pip install "postlint[server]"')
    from postlint.commands.editor.protocol import server as made

    made().start_io()
