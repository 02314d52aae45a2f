"""What git knows: which files it tracks, which have changed, and what is staged. Git is run, never read."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from postlint.errors import UserError


def git(*arguments: str, folder: str = ".") -> bytes:
    """What a git command writes. Raises UserError, with git's own word, where it fails."""
    # Paths as they are, and no lock of the repository for the sake of a faster next time.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1", "LC_ALL": "C"}
    try:
        done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, env=environment, check=False)
    except FileNotFoundError as error:
        raise UserError("git is not installed, or not on the PATH") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UserError(f"git {arguments[0]}: {said[0] if said else f'exit code {done.returncode}'}")
    return done.stdout


def names(output: bytes) -> list[str]:
    """The file names of an output that parts them by NUL."""
    return [os.fsdecode(name) for name in output.split(b"\0") if name]


def top(folder: str = ".") -> str:
    """The root of the repository of a folder. Raises UserError where there is none."""
    return os.fsdecode(git("rev-parse", "--show-toplevel", folder=folder).rstrip(b"\n"))


def changed_since(revision: str, folder: str = ".") -> list[str]:
    """The files, absolute, that are not as they were where the history of HEAD left that of a revision.

    Compared with the working tree; files that git does not track and does not ignore are changed, too. Raises UserError
    where the revision does not exist.
    """
    root = top(folder)
    if revision.startswith("-"):
        raise UserError(f'"{revision}" is not a revision')
    commit = git("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}", folder=root).decode().strip()
    try:
        base = git("merge-base", commit, "HEAD", folder=root).decode().strip()
    except UserError:
        # Two histories without a common commit: the revision itself.
        base = commit
    found = names(git("diff", "--name-only", "-z", "--no-renames", "--diff-filter=d", base, "--", folder=root))
    found += names(git("ls-files", "--others", "--exclude-standard", "-z", folder=root))
    return [os.path.join(root, name) for name in found]


def tracked(root: str, files: Sequence[str] = ()) -> dict[str, str]:
    """The files, absolute, of all or of some, that git's index holds, and the hashes of their contents; no links, no
    submodules."""
    found = {}
    for entry in git("ls-files", "--stage", "-z", "--", *files, folder=root).split(b"\0"):
        said, _, name = entry.partition(b"\t")
        if said.startswith(b"100"):
            found[os.path.join(root, os.fsdecode(name))] = said.split()[1].decode()
    return found


def head(root: str) -> str:
    """The commit that is checked out; the empty tree where there is none yet."""
    try:
        return git("rev-parse", "--verify", "--quiet", "HEAD", folder=root).decode().strip()
    except UserError:
        return git("hash-object", "-t", "tree", os.devnull, folder=root).decode().strip()


def staged_since(commit: str, root: str) -> dict[str, str]:
    """The files, absolute, that are not staged as they are in a commit, and the hashes of their contents; empty for
    one that is gone. Raises UserError where there is no such commit, or a merge is not finished."""
    fields = git(
        "diff-index", "--cached", "--raw", "--no-abbrev", "--no-renames", "-z", commit, "--", folder=root
    ).split(b"\0")
    found = {}
    for said, name in zip(fields[0::2], fields[1::2], strict=False):
        _, mode, _, blob, status = said.split()
        if status == b"U":
            raise UserError("a merge is not finished")
        found[os.path.join(root, os.fsdecode(name))] = blob.decode() if mode.startswith(b"100") else ""
    return found


def unstaged(root: str, files: Sequence[str] = ()) -> list[str]:
    """The files, absolute, of all or of some, that are not on the disk as they are staged."""
    found = names(git("diff-files", "--name-only", "-z", "--no-renames", "--", *files, folder=root))
    return [os.path.join(root, name) for name in found]


def blob(hash_: str, root: str) -> bytes:
    """A content by its hash."""
    return git("cat-file", "blob", hash_, folder=root)
