"""The batch over the index as the command line runs it: processes that read, and one that links."""

from healthcloud.server.linkage.running import Linked, link

__all__ = ["Linked", "link"]
