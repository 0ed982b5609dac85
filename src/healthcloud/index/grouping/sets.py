"""Sets that grow together: the union of what is joined, whichever order it comes in."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

Item = TypeVar("Item")


def joined(items: Iterable[Item], pairs: Iterable[tuple[Item, Item]]) -> list[frozenset[Item]]:
    """Return the connected components of items under pairs, each item in one; pairs name items only."""
    parent = {item: item for item in items}

    def root(item: Item) -> Item:
        while parent[item] != item:
            parent[item] = item = parent[parent[item]]
        return item

    for one, other in pairs:
        parent[root(one)] = root(other)
    found: defaultdict[Item, set[Item]] = defaultdict(set)
    for item in parent:
        found[root(item)].add(item)
    return [frozenset(members) for members in found.values()]
