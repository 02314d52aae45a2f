"""Violations as diagnostics, code actions and hovers of the language server protocol."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from lsprotocol import types
from pygls.uris import from_fs_path

from postlint import documentation
from postlint.commands.editor.positions import Position, Positions
from postlint.commands.editor.suppressing import suppressions
from postlint.commands.editor.workspace import Document, Documents
from postlint.post import Location
from postlint.readers.source import decode
from postlint.rules import Rule
from postlint.violations import Fix, Severity, Violation

SOURCE = "postlint"
SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


def diagnostics(
    document: Document, documents: Documents, encoding: str, folder_of: Callable[[Document], str]
) -> list[types.Diagnostic]:
    """What was found in a document, for its editor."""
    if document.judgement is None:
        return []
    folder = folder_of(document)
    here = Positions(document.text, encoding)
    texts = {other.path: other.text for other in documents.open.values()}

    @cache
    def positions_of(path: str) -> Positions:
        if path == document.path:
            return here
        return Positions(texts[path] if path in texts else _text(path), encoding)

    def related(violation: Violation) -> Iterator[types.DiagnosticRelatedInformation]:
        for place in violation.related:
            path = os.path.normpath(os.path.join(folder, place.path))
            uri = document.uri if path == document.path else from_fs_path(path)
            if uri is not None:
                span = _range(positions_of(path), place.location, place.end_location)
                yield types.DiagnosticRelatedInformation(types.Location(uri, span), place.message)

    return [
        types.Diagnostic(
            range=_range(here, violation.location, violation.end_location),
            message=violation.message,
            severity=SEVERITIES[violation.severity],
            code=violation.code,
            code_description=types.CodeDescription(violation.url) if violation.url else None,
            source=SOURCE,
            related_information=list(related(violation)),
        )
        for violation in document.judgement.violations
    ]


def actions(document: Document, params: types.CodeActionParams, encoding: str) -> list[types.CodeAction]:
    """What can be done about the diagnostics that an editor asks about: fixes, then suppressions."""
    assert document.judgement is not None
    here = Positions(document.text, encoding)
    found: list[types.CodeAction] = []
    for diagnostic in params.context.diagnostics:
        violation = _violation(document.judgement.violations, diagnostic, here)
        if violation is not None:
            found.extend(_actions(document, violation, diagnostic, here))
    return found


def _actions(
    document: Document, violation: Violation, diagnostic: types.Diagnostic, here: Positions
) -> Iterator[types.CodeAction]:
    def action(title: str, edits: Sequence[types.TextEdit], *, preferred: bool = False) -> types.CodeAction:
        return types.CodeAction(
            title,
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[diagnostic],
            is_preferred=preferred,
            edit=types.WorkspaceEdit(changes={document.uri: edits}),
        )

    if violation.fix is not None and not document.is_container:
        yield action(*_fix(violation, violation.fix, here), preferred=violation.fix.safety == "safe")
    for line in suppressions(document.path, document.text, violation):
        at = _position(here.at(line.offset))
        yield action(line.title, [types.TextEdit(types.Range(at, at), line.text)])


def _fix(violation: Violation, fix: Fix, here: Positions) -> tuple[str, list[types.TextEdit]]:
    edits = [types.TextEdit(_range(here, edit.location, edit.end_location), edit.text) for edit in fix.edits]
    unsure = "" if fix.safety == "safe" else " (may change what the post says)"
    return f"Fix {violation.code} {violation.name}{unsure}", edits


def hover(document: Document, position: types.Position, encoding: str, rules: Mapping[str, Rule]) -> types.Hover | None:
    """The pages of the rules that are violated at a position."""
    assert document.judgement is not None
    here = Positions(document.text, encoding)
    place = (position.line, position.character)
    codes = dict.fromkeys(
        violation.code
        for violation in document.judgement.violations
        if here.of(violation.location) <= place <= here.of(violation.end_location)
    )
    pages = ["".join(documentation.page(rules[code], "markdown")).strip() for code in codes if code in rules]
    if not pages:
        return None
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(pages)))


def _violation(violations: Sequence[Violation], diagnostic: types.Diagnostic, here: Positions) -> Violation | None:
    """The violation that a diagnostic was made of."""
    for violation in violations:
        if violation.code == diagnostic.code and violation.message == diagnostic.message:
            start, end = here.of(violation.location), here.of(violation.end_location)
            if types.Range(_position(start), _position(end)) == diagnostic.range:
                return violation
    return None


def _range(positions: Positions, start: Location, end: Location) -> types.Range:
    return types.Range(_position(positions.of(start)), _position(positions.of(end)))


def _position(position: Position) -> types.Position:
    return types.Position(position.line, position.character)


def _text(path: str) -> str:
    """The text of a file; empty where there is none to be had."""
    try:
        with open(path, "rb") as file:
            decoded = decode(file.read())
    except OSError:
        return ""
    return "" if isinstance(decoded, str) else decoded[0]
