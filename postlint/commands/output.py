"""Where output goes: stdout, which may be closed early, or a file, which is there whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from postlint.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path


def wants_colour(stream: TextIO) -> bool:
    """Whether a stream is to get colours: a terminal is, unless NO_COLOR says otherwise; FORCE_COLOR makes any."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def knows_links(stream: TextIO) -> bool:
    """Whether a stream is a terminal that is known to follow hyperlinks (OSC 8). FORCE_HYPERLINK knows better."""
    says = os.environ
    if not stream.isatty() or says.get("TERM") == "dumb":
        return False
    if forced := says.get("FORCE_HYPERLINK"):
        return forced != "0"
    if says.get("TMUX") or says.get("STY"):
        # A multiplexer passes on what it knows itself, and the variables may be those of another terminal.
        return False
    if says.get("TERM_PROGRAM") in _LINKING_PROGRAMS or says.get("TERM") in _LINKING_TERMS:
        return True
    # GNOME's terminals follow links since version 0.50 of their library; 0.76 is written 7600.
    vte = says.get("VTE_VERSION", "")
    return "WT_SESSION" in says or "KONSOLE_VERSION" in says or (vte.isdecimal() and int(vte) > 5000)


_LINKING_PROGRAMS = frozenset({"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby"})
_LINKING_TERMS = frozenset({"xterm-kitty", "xterm-ghostty", "alacritty", "foot", "contour", "wezterm"})


def address_of(path: str) -> str:
    """The address of a file: with the machine's name, since a terminal may show what another machine prints."""
    import socket
    from pathlib import Path
    from urllib.parse import quote

    return Path(os.path.abspath(path)).as_uri().replace("file://", f"file://{quote(socket.gethostname())}", 1)


def write_stdout(pieces: Iterable[str]) -> None:
    """Write to stdout. A reader that has stopped reading (`| head`) is no error; a full disk behind it is."""
    if sys.stdout is None:
        raise UserError("can't write to stdout: it is closed")
    try:
        for piece in pieces:
            sys.stdout.write(piece)
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still in the buffer has nowhere to go, and must not be tried again when the program ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise UserError(f"can't write to stdout: {error.strerror}") from error


def write_file(path: str, pieces: Iterable[str]) -> None:
    """Write a file through a temporary one beside it: it is there whole, or as it was.

    Raises UserError where it can't be written.
    """
    try:
        if _is_device(path):
            with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
                stream.writelines(pieces)
            return
        from pathlib import Path

        _replace(Path(path), pieces)
    except OSError as error:
        raise UserError(f"{path}: can't be written: {error.strerror}") from error


def _is_device(path: str) -> bool:
    """Whether a path is there and is neither a file nor a folder: `/dev/null` must not be replaced by a file."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _replace(path: Path, pieces: Iterable[str]) -> None:
    import tempfile

    # A link stays one: what it leads to is what the user named.
    target = path.resolve()
    if target.is_dir():
        raise IsADirectoryError(21, "it is a folder")
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with open(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            stream.writelines(pieces)
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _mode(path: Path) -> int:
    """The permissions of a file: those it has, or those a new one gets."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def failed(message: str) -> int:
    """Say on stderr what is wrong with what the user wrote, and return the exit code for it."""
    from postlint.reporters.terminal import visible

    sys.stderr.write(f"postlint: error: {visible(message)}\n")
    return 2
