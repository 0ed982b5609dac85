"""Building the person index over the persons there already: by a process for each processor, resumable."""

from healthcloud.server.indexing.filling import index_here, index_persons

__all__ = ["index_here", "index_persons"]
