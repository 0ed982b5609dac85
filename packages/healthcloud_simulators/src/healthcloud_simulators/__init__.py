"""Stand-ins for the systems of others: each speaks the real protocol in its own process, and says that it is none."""
