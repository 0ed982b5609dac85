"""Forgetting what was in files after some days, and sealing again what is kept until then under the current key."""
