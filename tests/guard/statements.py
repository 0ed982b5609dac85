"""Every statement of the stores: read from the syntax tree, PREPAREd on the migrated schema, compared."""

import ast
import dataclasses
import importlib
import json
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from guard.shape import LAYERS, SOURCES, python_files

PACKAGE = SOURCES[0]
VERBS = {"one", "all", "value", "values", "run"}
TYPED = {"one", "all", "value", "values"}
SYSTEM_SCHEMAS = {"pg_catalog", "information_schema"}


@dataclass(frozen=True, slots=True)
class Statement:
    """One call of a database verb in a store: where it is, what it sends, what it says it returns."""

    place: str
    feature: str
    module: str
    function: str
    verb: str
    sql: str
    arguments: int | None  # None where they are passed as *rows
    row: str | None


def stores() -> Iterator[Path]:
    """Yield every store.py of the package."""
    yield from (path for path in python_files(PACKAGE) if path.name == "store.py")


def statements_of(path: Path, package: Path = PACKAGE) -> tuple[list[Statement], list[str]]:
    """Return a store's statements, and the faults of functions that do not hold exactly one literal statement."""
    found, faults = [], []
    module = ".".join(("healthcloud", *path.relative_to(package).with_suffix("").parts))
    for function in ast.parse(path.read_text()).body:
        if not isinstance(function, ast.AsyncFunctionDef | ast.FunctionDef):
            continue
        calls = [node for node in ast.walk(function) if _is_verb(node)]
        if len(calls) != 1:
            faults.append(f"{path}:{function.lineno} {function.name}: {len(calls)} statements, not one")
        for call in calls:
            statement = _statement(call, path, module, function.name, path.relative_to(package).parts[0])
            if statement is None:
                faults.append(f"{path}:{call.lineno} {function.name}: the SQL is not a literal")
            else:
                found.append(statement)
    return found, faults


def _is_verb(node: ast.AST) -> typing.TypeGuard[ast.Call]:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in VERBS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"tx", "read", "db"}
    )


def _statement(call: ast.Call, path: Path, module: str, function: str, feature: str) -> Statement | None:
    assert isinstance(call.func, ast.Attribute)
    typed = call.func.attr in TYPED
    sql = call.args[1 if typed else 0]
    if not (isinstance(sql, ast.Constant) and isinstance(sql.value, str)):
        return None
    rest = call.args[2 if typed else 1 :]
    starred = any(isinstance(argument, ast.Starred) for argument in rest)
    counted = None if starred else len(rest)
    row = ast.unparse(call.args[0]) if typed else None
    place = f"{path}:{call.lineno} {function}"
    return Statement(place, feature, module, function, call.func.attr, sql.value, counted, row)


async def statement_faults(connection: asyncpg.Connection, statement: Statement, public: set[str]) -> list[str]:
    """PREPARE a statement and tell where it differs from its function, or reaches where its feature may not."""
    try:
        prepared = await connection.prepare(statement.sql)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        return [f"{statement.place}: {error}"]
    faults = []
    expected = len(prepared.get_parameters())
    if statement.arguments is not None and statement.arguments != expected:
        faults.append(f"{statement.place}: {expected} parameters, {statement.arguments} arguments")
    columns = [attribute.name for attribute in prepared.get_attributes()]
    faults += _column_faults(statement, columns)
    faults += await _reach_faults(connection, statement, public)
    return faults


def _column_faults(statement: Statement, columns: list[str]) -> list[str]:
    if statement.row is None:
        return []
    if statement.verb in {"value", "values"}:
        return [] if len(columns) == 1 else [f"{statement.place}: {len(columns)} columns for a single value"]
    kind: Any = importlib.import_module(statement.module)
    for part in statement.row.split("."):
        kind = getattr(kind, part)
    if dataclasses.is_dataclass(kind):
        fields = [field.name for field in dataclasses.fields(kind) if field.init]
    else:
        fields = list(getattr(kind, "__struct_fields__", ()) or getattr(kind, "_fields", ()))
    return [] if columns == fields else [f"{statement.place}: columns {columns}, fields {fields} of {statement.row}"]


async def _reach_faults(connection: asyncpg.Connection, statement: Statement, public: set[str]) -> list[str]:
    faults = []
    for node in await plan_nodes(connection, statement.sql):
        schema, relation = node.get("Schema"), node.get("Relation Name")
        if schema is None or relation is None or schema in SYSTEM_SCHEMAS or schema == statement.feature:
            continue
        reached = f"{schema}.{relation}"
        if node["Node Type"] == "ModifyTable":
            faults.append(f"{statement.place}: writes {reached}, which is not its own")
        elif schema not in LAYERS or LAYERS.index(schema) > LAYERS.index(statement.feature):
            faults.append(f"{statement.place}: reads {reached}, which is not beneath it")
        elif reached not in public:
            faults.append(f"{statement.place}: reads {reached}, whose comment does not begin public:")
    return faults


async def plan_nodes(connection: asyncpg.Connection, sql: str) -> list[dict[str, Any]]:
    """Return every node of the statement's generic plan."""
    return list(_walk(await plan_of(connection, sql)))


async def plan_of(connection: asyncpg.Connection, sql: str) -> dict[str, Any]:
    """Return the statement's generic plan, a node with those beneath it in `Plans`."""
    # EXPLAIN takes no parameters over the extended protocol, so the statement is prepared by name and executed.
    await connection.execute(f"SET plan_cache_mode = force_generic_plan; PREPARE guarded AS {sql}")
    try:
        count = await connection.fetchval(
            "SELECT cardinality(parameter_types) FROM pg_catalog.pg_prepared_statements WHERE name = 'guarded'"
        )
        nulls = f"({', '.join(['NULL'] * count)})" if count else ""
        explained = await connection.fetchval(f"EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE guarded{nulls}")
    finally:
        await connection.execute("DEALLOCATE guarded")
    plan: dict[str, Any] = json.loads(explained)[0]["Plan"]
    return plan


def _walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _walk(child)


async def public_relations(connection: asyncpg.Connection) -> set[str]:
    """Return the relations whose comment lets higher features join them."""
    rows = await connection.fetch(
        """
        SELECT n.nspname || '.' || c.relname
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE obj_description(c.oid, 'pg_class') LIKE 'public:%'
        """
    )
    return {row[0] for row in rows}
