"""Lives: a death recorded and undone, a registration withdrawn because it was made in error."""
