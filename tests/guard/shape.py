"""The shape of the house, read from its syntax trees: sizes, names, front doors, where imports and SQL may stand."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = (
    ROOT / "src" / "healthcloud",
    *sorted((ROOT / "packages").glob("*/src/*")),
)

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "tools", "stuff"}
LAYERS = (
    *("core", "audit", "channels", "access", "institutions", "exchange", "people", "cards", "encounters", "index"),
    *("figures", "province", "fhir", "gateway", "sandbox", "conformance", "onboarding", "web", "server"),
)
SQL_OPENING = re.compile(
    r"^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|CREATE|ALTER|DROP|GRANT|TRUNCATE)\s", re.ASCII
)

# Where SQL stands outside a store.py, and why.
SQL_ELSEWHERE = {
    "core/db.py": "the outbox line is written by the transaction itself, beneath every store",
    "core/postgres/": "roles, migrations and backups are SQL by nature, run as owner",
}


def python_files(*roots: Path) -> Iterator[Path]:
    """Yield every source file that is ours."""
    for root in roots or SOURCES:
        yield from (p for p in sorted(root.rglob("*.py")) if "__pycache__" not in p.parts)


def size_faults(path: Path) -> list[str]:
    """Tell of a file over 300 lines or a function over 40."""
    text = path.read_text()
    lines = text.count("\n")
    faults = [f"{path}: {lines} lines, at most {MAX_FILE_LINES}"] if lines > MAX_FILE_LINES else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION_LINES and not _is_one_statement(node):
                faults.append(f"{path}:{node.lineno} {node.name}: {length} lines, at most {MAX_FUNCTION_LINES}")
    return faults


def _is_one_statement(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A store function is a docstring and one SQL statement, however many lines that has."""
    return node.name != "" and len(node.body) <= 2 and isinstance(node.body[0], ast.Expr) and _holds_sql(node)


def _holds_sql(node: ast.AST) -> bool:
    return any(
        isinstance(n, ast.Constant) and isinstance(n.value, str) and SQL_OPENING.match(n.value) for n in ast.walk(node)
    )


def name_faults(path: Path) -> list[str]:
    """Tell of a file whose name says nothing."""
    return [f"{path}: the name says nothing"] if path.stem in VAGUE_NAMES else []


def import_faults(path: Path, package_root: Path) -> list[str]:
    """Tell of an import inside a function, and of one that goes past another feature's front door."""
    faults = []
    tree = ast.parse(path.read_text())
    own = path.relative_to(package_root).parts[0]
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            faults += [
                f"{path}:{node.lineno}: import inside {function.name}"
                for node in ast.walk(function)
                if isinstance(node, ast.Import | ast.ImportFrom)
            ]
    for module, line in _imported(tree):
        parts = module.split(".")
        if parts[0] != "healthcloud" or len(parts) < 3 or parts[1] in {"core", own}:
            continue
        if own != "server" or parts[1] != "web":
            faults.append(f"{path}:{line}: {module} is behind {parts[1]}'s front door")
    return faults


def _imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield what a module imports, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            # `from healthcloud.people import x` is the front door; it is named as `from healthcloud import people`.
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def sql_place_faults(path: Path, package_root: Path) -> list[str]:
    """Tell of SQL outside a store.py."""
    place = path.relative_to(package_root).as_posix()
    if path.name == "store.py" or any(place.startswith(known) for known in SQL_ELSEWHERE):
        return []
    nodes = list(ast.walk(ast.parse(path.read_text())))
    docstrings = _docstrings(nodes)
    return [
        f"{path}:{node.lineno}: SQL outside store.py"
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and SQL_OPENING.match(node.value)
        and node.value not in docstrings
    ]


def _docstrings(nodes: Iterable[ast.AST]) -> set[str]:
    places = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {ast.get_docstring(node, clean=False) or "" for node in nodes if isinstance(node, places)}


def front_door_faults(feature: Path) -> list[str]:
    """Tell of a feature without a one-sentence docstring or without a tested `__all__`."""
    door = feature / "__init__.py"
    tree = ast.parse(door.read_text())
    faults = [] if ast.get_docstring(tree) else [f"{door}: no sentence saying what the feature is"]
    names = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)
    ]
    if not names and feature.name not in {"core", "server", "web"}:
        faults.append(f"{door}: no __all__")
    return faults
