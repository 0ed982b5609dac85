"""Names of persons: writing them one way, comparing them, masking them."""
