"""Census: registered persons as numbers."""

from healthcloud.people.census.reads import persons_by_level

__all__ = ["persons_by_level"]
