"""`migrations/distribution.toml`: how each table is spread over many nodes, and which lie together."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from healthcloud.core.postgres.migrations import MIGRATIONS

MANIFEST = MIGRATIONS / "distribution.toml"


@dataclass(frozen=True, slots=True)
class Distribution:
    """
    Every table by its way: `keys` has the distribution key of those that are spread; the others are copied or local.

    `anchors` names for a key the table with which all lie that are spread by a key of this name.
    """

    keys: Mapping[str, str]
    reference: tuple[str, ...]
    local: tuple[str, ...]
    anchors: Mapping[str, str]

    def lies_with(self, table: str) -> str | None:
        """Return the table a spread table lies with; None for one that lies by itself, or that others lie with."""
        anchor = self.anchors.get(self.keys[table])
        return None if table in self.anchors.values() else anchor

    def group_of(self, table: str) -> str:
        """Return what is equal for tables whose rows of one key are on one node."""
        return self.lies_with(table) or table

    def in_order(self) -> list[str]:
        """Return the spread tables, those with which others lie first."""
        return sorted(self.keys, key=lambda table: (self.lies_with(table) is not None, table))


def read_distribution(path: Path = MANIFEST) -> Distribution:
    """Read the manifest."""
    read = tomllib.loads(path.read_text())
    tables = dict(read.get("tables", {}))
    return Distribution(
        keys={table: entry["by"] for table, entry in tables.items() if "by" in entry},
        reference=tuple(sorted(table for table, entry in tables.items() if "reference" in entry)),
        local=tuple(sorted(table for table, entry in tables.items() if "local" in entry)),
        anchors=dict(read.get("groups", {})),
    )
