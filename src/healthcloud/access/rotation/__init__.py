"""Rotation: what access sealed, fingerprinted or vouched for follows its keys, chunk by chunk, while in use."""

from healthcloud.access.rotation.jobs import KINDS, keep_up

__all__ = ["KINDS", "keep_up"]
