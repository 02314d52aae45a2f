"""The shape of the package, held with ast: where imports go, who prints, how long modules are, what is caught."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "postlint"
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
MAX_LINES = 350

# From the bottom to the top: a module imports from its own layer and those below. What is not named here (the tools of
# facts and comparisons) lies between violations and the engine.
COMMANDS = ("cli", "commands", "__main__")
ABOVE_ENGINE = ("baseline", "fixing", "reporters", "config", "discover", *COMMANDS)
ABOVE_RULES = ("engine", "inspecting", "settle", *ABOVE_ENGINE)
FORBIDDEN = {
    "rule_cache": ("rules", "post", "violations", "settings", "facts", "readers", "checks", *ABOVE_RULES),
    "needs": ("readers", "checks", "dispatch", "scan", *ABOVE_RULES),
    "scan": ("readers", "checks", "dispatch", *ABOVE_RULES),
    "dispatch": ("readers", "checks", *ABOVE_RULES),
    "errors": ("post", "meta", "violations", "rules", "settings", "facts", "readers", "checks", *ABOVE_RULES),
    "meta": ("post", "violations", "rules", "settings", "facts", "readers", "checks", *ABOVE_RULES),
    "post": ("violations", "rules", "settings", "facts", "readers", "checks", *ABOVE_RULES),
    "violations": ("rules", "settings", "facts", "readers", "checks", *ABOVE_RULES),
    "facts": ("rules", "settings", "readers", "checks", *ABOVE_RULES),
    "readers": ("violations", "rules", "settings", "facts", "corpus", "checks", *ABOVE_RULES),
    "rules": ("readers", *ABOVE_RULES),
    "checks": ("readers", *ABOVE_RULES),
    "suppressions": ("readers", "checks", *ABOVE_RULES),
    "inspecting": ("engine", "settle", *ABOVE_ENGINE),
    "settle": ("engine", "inspecting", *ABOVE_ENGINE),
    "engine": ABOVE_ENGINE,
    "fixes": ("checks", *ABOVE_RULES),
    "fixing": ("checks", "baseline", "reporters", "config", "discover", *COMMANDS),
    "baseline": ("readers", "checks", "fixing", "engine", "inspecting", "settle", "config", "discover", *COMMANDS),
    "reporters": ("rules", "settings", "facts", "corpus", "readers", "checks", *ABOVE_RULES),
    "discover": ("rules", "checks", "engine", "config", *COMMANDS),
    "config": ("readers", "checks", "engine", "discover", *COMMANDS),
}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"), filename=str(MODULES[module]))


def within(module: str, package: str) -> bool:
    """Whether a module is a package of postlint, or in it."""
    return f"{module}.".startswith(f"postlint.{package}.")


def type_checking_only(module: ast.Module) -> set[ast.AST]:
    """The nodes that only a type checker sees: they import nothing when the program runs."""
    return {
        inner
        for node in ast.walk(module)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for statement in node.body
        for inner in ast.walk(statement)
    }


def imports(module: str) -> Iterator[str]:
    """The modules that a module imports, functions included, absolute."""
    unseen = type_checking_only(tree(module))
    for node in ast.walk(tree(module)):
        if node in unseen:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            name = node.module or ""
            yield name
            yield from (f"{name}.{alias.name}" for alias in node.names if f"{name}.{alias.name}" in MODULES)


def crossings(module: str, imported: Iterator[str]) -> list[str]:
    """The imports of a module that go up."""
    forbidden = {upper for lower, uppers in FORBIDDEN.items() if within(module, lower) for upper in uppers}
    own = {lower for lower in FORBIDDEN if within(module, lower)}
    return sorted({name for name in imported if any(within(name, upper) for upper in forbidden - own)})


def test_the_modules_named_here_exist() -> None:
    named = {*FORBIDDEN, *(upper for uppers in FORBIDDEN.values() for upper in uppers)}
    assert {name for name in named if f"postlint.{name}" not in MODULES} == set()


@pytest.mark.parametrize("module", MODULES)
def test_imports_follow_the_arrows(module: str) -> None:
    assert crossings(module, imports(module)) == []


def test_a_wrong_import_is_seen() -> None:
    assert crossings("postlint.checks.weight", iter(["postlint.readers.markdown", "postlint.post"])) == [
        "postlint.readers.markdown"
    ]
    assert crossings("postlint.post", iter(["postlint.violations", "re"])) == ["postlint.violations"]


@pytest.mark.parametrize("module", [name for name in MODULES if not any(within(name, command) for command in COMMANDS)])
def test_nothing_below_the_commands_is_imported_from_them_or_click(module: str) -> None:
    imported = list(imports(module))
    assert "click" not in imported
    assert [name for name in imported if any(within(name, command) for command in COMMANDS)] == []


def writes(node: ast.AST) -> bool:
    """Whether a node prints, touches the standard streams, or ends the program."""
    if isinstance(node, ast.Name) and node.id in ("print", "input", "exit", "quit", "breakpoint"):
        return True
    if not isinstance(node, ast.Attribute):
        return False
    return isinstance(node.value, ast.Name) and (node.value.id, node.attr) in {
        ("sys", "stdout"), ("sys", "stderr"), ("sys", "exit"), ("os", "_exit"), ("click", "echo"), ("click", "secho"),
    }  # fmt: skip


@pytest.mark.parametrize("module", MODULES)
def test_only_the_commands_print_and_exit(module: str) -> None:
    # The generator of the documentation is a program of its own, for those who work on postlint.
    if any(within(module, allowed) for allowed in (*COMMANDS, "documentation")):
        return
    assert [node.lineno for node in ast.walk(tree(module)) if writes(node)] == []  # type: ignore[attr-defined]


def test_a_print_is_seen() -> None:
    for code in ("print(1)", "import sys\nsys.stderr.write('x')", "import sys\nsys.exit(1)"):
        assert any(writes(node) for node in ast.walk(ast.parse(code))), code


@pytest.mark.parametrize("module", MODULES)
def test_modules_are_small_and_say_what_lives_in_them(module: str) -> None:
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= MAX_LINES
    docstring = ast.get_docstring(tree(module))
    assert docstring
    first = docstring.splitlines()[0]
    assert len(first) > 10


def catches_everything(node: ast.AST) -> bool:
    """Whether a handler has no exception, or Exception; BaseException only where it is raised on."""
    if not isinstance(node, ast.ExceptHandler):
        return False
    names = {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)} if node.type else {"Exception"}
    if "BaseException" in names:
        last = node.body[-1]
        return not (isinstance(last, ast.Raise) and last.exc is None)
    return "Exception" in names


@pytest.mark.parametrize("module", MODULES)
def test_nothing_catches_exception(module: str) -> None:
    assert [node.lineno for node in ast.walk(tree(module)) if catches_everything(node)] == []  # type: ignore[attr-defined]


def test_a_catch_of_everything_is_seen() -> None:
    for handler in ("except:", "except Exception:", "except (OSError, Exception):", "except BaseException:"):
        code = ast.parse(f"try:\n    f()\n{handler}\n    pass\n")
        assert any(catches_everything(node) for node in ast.walk(code)), handler


@pytest.mark.parametrize("module", MODULES)
def test_no_user_code_is_run(module: str) -> None:
    calls = [node.func for node in ast.walk(tree(module)) if isinstance(node, ast.Call)]
    assert not {func.id for func in calls if isinstance(func, ast.Name)} & {"eval", "exec", "compile", "__import__"}
    assert "pickle" not in set(imports(module))
