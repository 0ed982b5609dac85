"""Identity documents: all kinds of CV02.01.101 with the birth certificate, normalised and fingerprinted."""
