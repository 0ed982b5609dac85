"""Rotation: sealed values and fingerprints follow their keys, chunk by chunk, while everybody works on."""

from healthcloud.people.rotation.fingerprints.jobs import keep_fingerprints
from healthcloud.people.rotation.jobs import keep_seals

__all__ = ["keep_fingerprints", "keep_seals"]
