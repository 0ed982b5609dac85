"""Reviewing: the queue over HTTP, and what was decided placed at once."""
