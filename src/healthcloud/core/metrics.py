"""
Measurements for Prometheus; each is declared here or by its feature through these functions, with its sentence.

Several workers: `healthcloud serve` sets PROMETHEUS_MULTIPROC_DIR to an empty folder before it starts them, and
prometheus-client then keeps values in files there, so any worker answers /metrics for all. Without it, one process.
"""

import os
from dataclasses import dataclass

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

# When a series began is of no use here and doubles their number.
disable_created_metrics()  # type: ignore[no-untyped-call]  # prometheus-client leaves it untyped
REGISTRY = CollectorRegistry()
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Declared:
    """A metric as the reference page lists it."""

    name: str
    kind: str
    sentence: str
    labels: tuple[str, ...]


DECLARED: dict[str, Declared] = {}


def counter(name: str, sentence: str, *labels: str) -> Counter:
    """Declare a count that only rises; `name` ends without `_total`, which Prometheus adds."""
    _declare(name, "counter", sentence, labels)
    return Counter(name, sentence, labels, registry=REGISTRY)


def gauge(name: str, sentence: str, *labels: str) -> Gauge:
    """Declare a level that rises and falls; over several workers their sum."""
    _declare(name, "gauge", sentence, labels)
    return Gauge(name, sentence, labels, registry=REGISTRY, multiprocess_mode="livesum")


def instant(name: str, sentence: str) -> Gauge:
    """Declare an instant, in Unix seconds; over several processes, also those that ended, the latest."""
    _declare(name, "gauge", sentence, ())
    return Gauge(name, sentence, registry=REGISTRY, multiprocess_mode="max")


def histogram(name: str, sentence: str, *labels: str, buckets: tuple[float, ...] = SECONDS) -> Histogram:
    """Declare a distribution; `buckets` are upper bounds, seconds by default."""
    _declare(name, "histogram", sentence, labels)
    return Histogram(name, sentence, labels, registry=REGISTRY, buckets=buckets)


def _declare(name: str, kind: str, sentence: str, labels: tuple[str, ...]) -> None:
    if not name.startswith("healthcloud_"):
        raise ValueError(name)
    DECLARED[name] = Declared(name, kind, sentence, labels)


REQUESTS = counter("healthcloud_requests", "Requests answered, by route template.", "method", "route", "status")
REQUEST_SECONDS = histogram("healthcloud_request_seconds", "Time from a request's first byte to its answer.", "route")
PROBLEMS = counter("healthcloud_problems", "Requests answered with a problem, by its code.", "code")


def exposition() -> bytes:
    """Return every metric of this process, or of all workers, in Prometheus's text format."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    everyone = CollectorRegistry()
    MultiProcessCollector(everyone)  # type: ignore[no-untyped-call]  # prometheus-client leaves it untyped
    return generate_latest(everyone)
