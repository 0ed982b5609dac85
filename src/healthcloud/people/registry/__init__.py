"""The population registry: whether a name and a number belong together, asked outside every transaction."""
