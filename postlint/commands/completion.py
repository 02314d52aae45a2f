"""`postlint completion`: the script that makes a shell complete postlint's commands, options, rules and files."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from postlint.commands.output import write_stdout

SHELLS = ("bash", "zsh", "fish")


@click.command(short_help="Print the script that completes commands in a shell.")
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print a script for the shell to read when it starts.

    \b
    bash:  postlint completion bash > ~/.local/share/bash-completion/completions/postlint
    zsh:   postlint completion zsh > ~/.zfunc/_postlint    (a folder of $fpath)
    fish:  postlint completion fish > ~/.config/fish/completions/postlint.fish
    """
    from postlint.commands.group import group

    made = get_completion_class(shell)
    assert made is not None
    script = made(group, {}, "postlint", "_POSTLINT_COMPLETE").source()
    # The script for fish takes what stands behind a second comma for nothing; here a word may be a list of rules.
    write_stdout([script.replace('string split "," ', 'string split --max 1 "," ')])
