"""Embedded servers to start, kill and harm."""

from fixtures.servers import closed_folder, make, open_folder, parent, seed

__all__ = ["closed_folder", "make", "open_folder", "parent", "seed"]
