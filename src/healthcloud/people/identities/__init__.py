"""Identities: the keyed fingerprints that only one person may have, claimed and given back."""
