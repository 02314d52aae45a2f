"""`postlint clean`: remove the indexes of corpora."""

from __future__ import annotations

import os
import sys

import click

from postlint.commands.output import write_stdout
from postlint.errors import UserError
from postlint.index.cache import FOLDER, is_ours


@click.command(short_help="Remove the index of the corpus.")
@click.option("--cache-dir", metavar="DIR", help="Where it is kept. Default: as the configuration says.")
@click.option("--config", "config_file", metavar="FILE", help="Use this configuration file.")
def clean(cache_dir: str | None, config_file: str | None) -> int:
    """Remove what earlier runs have kept of a corpus. The next run reads all posts and makes it anew.

    Nothing is removed that postlint has not made.
    """
    folder = cache_dir if cache_dir is not None else _configured(config_file)
    try:
        names = sorted(os.listdir(folder))
    except FileNotFoundError:
        sys.stderr.write(f"postlint: there is no {folder}\n")
        return 0
    except OSError as error:
        raise UserError(f"{folder}: {error.strerror}") from error
    try:
        removed = [name for name in names if is_ours(folder, name)]
        for name in removed:
            os.unlink(os.path.join(folder, name))
        if len(removed) == len(names):
            os.rmdir(folder)
    except OSError as error:
        raise UserError(f"{folder}: {error.strerror}") from error
    write_stdout([f"Removed {folder}.\n" if len(removed) == len(names) else f"Removed the indexes in {folder}.\n"])
    return 0


def _configured(config_file: str | None) -> str:
    from pathlib import Path

    from postlint.config import nearest_file, read

    path = Path(config_file) if config_file is not None else nearest_file((".",))
    config = read(path) if path is not None else None
    if config is None or config.cache_dir is None:
        return FOLDER
    return os.path.relpath(os.path.join(config.root, config.cache_dir))
