"""Rotation: sealed values and fingerprints follow their keys, chunk by chunk, while everybody works on."""
