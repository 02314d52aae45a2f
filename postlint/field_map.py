"""Which keys of a record are what of a post: its body, its title, its dates; as the configuration says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from os.path import abspath, join, relpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

BODY_FORMATS = ("markdown", "html", "text")


@dataclass(frozen=True)
class FieldMap:
    """The map for some files. A path within a record is its keys joined by dots: `content.rendered`, `db.0.data`."""

    files: tuple[str, ...] = ()
    """Gitignore-style patterns, relative to the configuration's folder; none for all files of records."""
    posts: str | None = None
    """Where in a JSON file the list of posts is; None where it is to be found."""
    format: str | None = None
    """How the body is written, one of BODY_FORMATS; None where its key and its look tell."""
    paths: Mapping[str, str] = field(default_factory=dict)
    """Of the body and of fields of the meta the path within a record; what is not said is told by the usual names."""

    @property
    def body(self) -> str | None:
        """The path of the body, if it is said."""
        return self.paths.get("body")

    @cached_property
    def fields(self) -> Mapping[str, str]:
        """Paths within a record and what of the meta they are."""
        return {path: name for name, path in self.paths.items() if name != "body"}

    @cached_property
    def _spec(self) -> GitIgnoreSpec:
        from pathspec import GitIgnoreSpec

        return GitIgnoreSpec.from_lines(self.files)

    def is_for(self, path: str, root: str, folder: str = "") -> bool:
        """Whether a file is among those of the map; one that lies outside of `root` is where the map is for all.

        Its path is relative to `folder`, or the working one.
        """
        if not self.files:
            return True
        inside = relpath(abspath(join(folder, path)), abspath(root)).replace("\\", "/")
        return not inside.startswith("../") and self._spec.match_file(inside)


@dataclass(frozen=True, slots=True)
class FieldMaps:
    """The maps of a configuration, and the folder that their patterns are relative to."""

    maps: tuple[FieldMap, ...] = ()
    root: str = "."
    folder: str = ""
    """The folder that paths are relative to, if that is not the working one."""

    def of(self, path: str) -> FieldMap | None:
        """The first of the maps that is for a file."""
        return next((found for found in self.maps if found.is_for(path, self.root, self.folder)), None)

    def name(self, path: str) -> bool:
        """Whether a map has a pattern for a file, which says that it holds posts."""
        return any(found.files and found.is_for(path, self.root, self.folder) for found in self.maps)


NO_MAPS = FieldMaps()
