"""
Whether a statement carries the distribution key of every distributed table it touches, read from its syntax tree.

A table is *bound* where its key equals a parameter, a column of `unnest($1)`, of a CTE or of a bound table; or where it
is one of an array. What is bound goes to the shards that hold those keys, whatever the size of the city; what is not
goes to all of them (docs/how-to/grow.md). A row is inserted with its key. An OR binds nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pglast import ast, parse_sql
from pglast.enums import A_Expr_Kind, BoolExprType, SubLinkType

QUERIES = (ast.SelectStmt, ast.InsertStmt, ast.UpdateStmt, ast.DeleteStmt)
EQUAL = (A_Expr_Kind.AEXPR_OP, A_Expr_Kind.AEXPR_OP_ANY, A_Expr_Kind.AEXPR_IN)
Keys = dict[str, str]


@dataclass(frozen=True, slots=True)
class Equality:
    """A column of this alias equals something that names these other aliases; an empty set is a parameter."""

    alias: str
    column: str
    others: frozenset[str]


@dataclass(slots=True)
class Scope:
    """One SELECT, UPDATE or DELETE: the tables it names, by alias, and what they are joined and asked by."""

    tables: dict[str, str] = field(default_factory=dict)
    bound: set[str] = field(default_factory=set)
    equalities: list[Equality] = field(default_factory=list)
    quals: list[Any] = field(default_factory=list)


def unbound(sql: str, keys: Keys) -> list[str]:
    """Return the tables of `keys` (`schema.table` → column) that this statement reaches without their key."""
    statement = parse_sql(sql)[0].stmt
    return sorted(set(_unbound(statement, keys, set(), set())))


def touched(sql: str, keys: Keys) -> set[str]:
    """Return the tables of `keys` that this statement names anywhere."""
    named = (_name(node) for node in _nodes(parse_sql(sql)[0].stmt) if _is(node, ast.RangeVar))
    return {name for name in named if name in keys}


def _unbound(query: Any, keys: Keys, outer: set[str], ctes: set[str]) -> Iterator[str]:
    for cte in query.withClause.ctes if query.withClause else ():
        yield from _unbound(cte.ctequery, keys, outer, ctes)
        ctes = ctes | {cte.ctename}
    for side in (getattr(query, "larg", None), getattr(query, "rarg", None)):
        if side is not None:
            yield from _unbound(side, keys, outer, ctes)
    scope = _scope_of(query, keys, ctes)
    if _is(query, ast.InsertStmt):
        yield from _inserted_without(query, keys)
    _bind(scope, keys, outer)
    known = outer | scope.bound
    yield from (table for alias, table in scope.tables.items() if alias not in scope.bound and table in keys)
    for inner in _inner_queries(query):
        yield from _unbound(inner, keys, known, ctes)


def _scope_of(query: Any, keys: Keys, ctes: set[str]) -> Scope:
    scope = Scope()
    if _is(query, ast.UpdateStmt, ast.DeleteStmt):
        _take_source(query.relation, scope, ctes)
    froms = getattr(query, "usingClause", None) if _is(query, ast.DeleteStmt) else None
    for source in froms or getattr(query, "fromClause", None) or ():
        _take_source(source, scope, ctes)
    scope.quals.append(getattr(query, "whereClause", None))
    for qual in scope.quals:
        scope.equalities += _equalities(qual, scope, keys)
    return scope


def _take_source(source: Any, scope: Scope, ctes: set[str]) -> None:
    if _is(source, ast.JoinExpr):
        _take_source(source.larg, scope, ctes)
        _take_source(source.rarg, scope, ctes)
        scope.quals.append(source.quals)
        for name in source.usingClause or ():
            aliases = set(scope.tables) | scope.bound
            scope.equalities += [
                Equality(one, name.sval, frozenset({other})) for one in aliases for other in aliases - {one}
            ]
    elif _is(source, ast.RangeVar):
        alias = source.alias.aliasname if source.alias else source.relname
        if source.schemaname is None and source.relname in ctes:
            scope.bound.add(alias)
        else:
            scope.tables[alias] = _name(source)
    elif source.alias is not None:
        scope.bound.add(source.alias.aliasname)


def _bind(scope: Scope, keys: Keys, outer: set[str]) -> None:
    """Bind table after table, until no more can be."""
    while True:
        known = outer | scope.bound
        more = {
            equality.alias
            for equality in scope.equalities
            if equality.alias not in scope.bound
            and equality.others <= known
            and keys.get(scope.tables[equality.alias], equality.column) == equality.column
        }
        if not more:
            return
        scope.bound |= more


def _equalities(qual: Any, scope: Scope, keys: Keys) -> Iterator[Equality]:
    if _is(qual, ast.BoolExpr) and qual.boolop == BoolExprType.AND_EXPR:
        for part in qual.args:
            yield from _equalities(part, scope, keys)
    elif _is(qual, ast.SubLink) and qual.subLinkType == SubLinkType.ANY_SUBLINK:
        yield from _sides(qual.testexpr, None, scope, keys)
    elif _is(qual, ast.A_Expr) and qual.name[-1].sval == "=" and qual.kind in EQUAL:
        yield from _sides(qual.lexpr, qual.rexpr, scope, keys)
        if qual.kind == A_Expr_Kind.AEXPR_OP:
            yield from _sides(qual.rexpr, qual.lexpr, scope, keys)


def _sides(left: Any, right: Any, scope: Scope, keys: Keys) -> Iterator[Equality]:
    """Yield what the left side, a column or a row of columns, equals."""
    if _is(left, ast.RowExpr):
        rights = right.args if _is(right, ast.RowExpr) else [right] * len(left.args)
        for one, other in zip(left.args, rights, strict=True):
            yield from _sides(one, other, scope, keys)
    if not _is(left, ast.ColumnRef):
        return
    columns = [node for node in _nodes(right) if _is(node, ast.ColumnRef)] if right is not None else []
    others = frozenset(alias for column in columns if (alias := _alias_of(column, scope, keys)) is not None)
    alias = _alias_of(left, scope, keys)
    if alias in scope.tables and alias not in others:
        yield Equality(alias, left.fields[-1].sval, others)


def _alias_of(column: Any, scope: Scope, keys: Keys) -> str | None:
    """Return the alias a column belongs to; one without an alias belongs to the only table that can have it."""
    names = [part.sval for part in column.fields if _is(part, ast.String)]
    if len(names) > 1:
        return str(names[-2])
    having = [alias for alias, table in scope.tables.items() if keys.get(table) == names[-1]] if names else []
    if len(scope.tables) == 1:
        return next(iter(scope.tables))
    return having[0] if len(having) == 1 else None


def _inserted_without(query: Any, keys: Keys) -> Iterator[str]:
    table = _name(query.relation)
    if table in keys and keys[table] not in {column.name for column in query.cols or ()}:
        yield table


def _inner_queries(node: Any) -> Iterator[Any]:
    """Yield the queries within this one, but for its CTEs and the sides of a UNION."""
    for name in node:
        if name not in ("withClause", "larg", "rarg") or not _is(node, *QUERIES):
            yield from _queries_in(getattr(node, name))


def _queries_in(value: Any) -> Iterator[Any]:
    if _is(value, *QUERIES):
        yield value
    elif _is(value, tuple):
        for one in value:
            yield from _queries_in(one)
    elif _is(value, ast.Node):
        for name in value:
            yield from _queries_in(getattr(value, name))


def _nodes(value: Any) -> Iterator[Any]:
    if _is(value, tuple):
        for one in value:
            yield from _nodes(one)
    elif _is(value, ast.Node):
        yield value
        for name in value:
            yield from _nodes(getattr(value, name))


def _name(relation: Any) -> str:
    return f"{relation.schemaname}.{relation.relname}"


def _is(node: Any, *kinds: type) -> bool:
    """Tell of what kind a node is; its type stays open, as each attribute of a tree may be None for pglast's types."""
    return isinstance(node, kinds)
