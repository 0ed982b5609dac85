"""Rotation: contents, digests and blocks follow their keys, chunk by chunk, while records arrive."""

from healthcloud.index.records.rotation.jobs import KINDS, follow_keys

__all__ = ["KINDS", "follow_keys"]
