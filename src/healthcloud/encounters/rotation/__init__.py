"""Rotation: what is sealed of visits follows its key, chunk by chunk, while visits arrive."""

from healthcloud.encounters.rotation.jobs import KINDS, keep_seals

__all__ = ["KINDS", "keep_seals"]
