"""
The order in which work is refused: the last class goes first.

Each class may use the process up to its share of what this can bear (see `signals`); beyond it, whoever comes is told
when to come again. What is done last is never refused: it costs little, and needs no database.
"""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Work:
    """
    One class of requests, by how their paths begin or `exactly`; a path belongs to the class that names most of it.

    `share` is how full the process may be for them to be let in; None: always. Whoever is refused is told to come again
    after a number of seconds out of `retry_after`, each as often, so that a crowd does not come back as one.
    """

    name: str
    share: float | None
    retry_after: range
    begins: tuple[str, ...]
    exactly: tuple[str, ...] = ()
    counts: bool = True  # among the requests in flight: not so for streams, which stay open


_SOON, _LATER = range(1, 4), range(3, 10)
ORDER: tuple[Work, ...] = (
    Work(
        "kept",
        None,
        _SOON,
        ("/healthz", "/readyz", "/metrics", "/static", "/api/v1/offline/trust", "/api/v1/offline/revocations"),
    ),
    # Shells: pages that name nobody, kept by browsers and made of nothing but memory.
    Work(
        "shells",
        1.0,
        _SOON,
        ("/card/manifest", "/card-worker.js", "/scan/shell", "/scan/worker.js"),
        ("/card", "/card/offline", "/device-check"),
    ),
    Work("scans", 1.0, _SOON, ("/api/v1/cards/verify", "/scan", "/erhc", "/api/do", "/rest", "/hospital")),
    Work("batches", 0.9, range(2, 6), ("/api/v1/cards/verify-batch",)),
    Work("cards", 0.75, range(2, 7), ("/card", "/api/v1/cards/code", "/api/v1/cards/mine", "/api/v1/cards/phones")),
    # Uses made with no network are kept where they were made until they are taken; after an outage all come at once.
    Work("everyday", 0.5, _LATER, ("/", "/scan/late", "/api/v1/cards/uses/late")),
    Work(
        "figures",
        0.25,
        range(5, 16),
        ("/console", "/api/v1/figures", "/api/v1/audit", "/me/copy", "/docs", "/openapi.json", "/kit", "/problems"),
    ),
    Work("streams", 0.25, range(5, 16), ("/console/figures/live",), counts=False),
)
_BEGINS = {begin: work for work in ORDER for begin in work.begins}
_EXACTLY = {path: work for work in ORDER for path in work.exactly}


@lru_cache(maxsize=4096)
def work_of(path: str) -> Work:
    """Return the class of a path."""
    if path in _EXACTLY:
        return _EXACTLY[path]
    while path not in _BEGINS:
        path = path.rpartition("/")[0] or "/"
    return _BEGINS[path]
