"""Each generated page: a title, why it exists, and tables."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from pydantic_core import PydanticUndefined

from healthcloud.core.background import announced_events
from healthcloud.core.metrics import DECLARED
from healthcloud.core.settings import GROUPS
from healthcloud.server.catalogue import every_deed, every_problem, import_everything
from healthcloud.server.reference.command_line import command_line_page
from healthcloud.server.reference.markdown import page, table


def settings_page() -> str:
    """Return docs/reference/settings.md."""
    parts = [
        "# Settings",
        (
            "Read from `HEALTHCLOUD_<NAME>` in the environment, else from the file `HEALTHCLOUD_SETTINGS` names "
            "(`HEALTHCLOUD_<NAME>=value` lines), else the default. Lists are JSON. Declared in "
            "`src/healthcloud/core/settings/model.py`; what production refuses is in `production.py` beside it."
        ),
    ]
    for group in GROUPS:
        own = {name: field for name, field in group.model_fields.items() if name in group.__annotations__}
        rows = (
            (f"`HEALTHCLOUD_{name.upper()}`", _type(field.annotation), _default(field.default), field.description or "")
            for name, field in own.items()
        )
        parts += [f"## {_sentence(group).rstrip('.')}", table(("Name", "Type", "Default", "For"), rows)]
    return page(parts)


def problems_page() -> str:
    """Return docs/reference/problems.md."""
    import_everything()
    rows = (
        (f"`{kind.code}`", str(kind.status), kind().sentence, kind.zh, kind.who_acts, _feature(kind))
        for kind in every_problem()
    )
    heads = ("Code", "HTTP", "Sentence", "中文", "Who acts", "From")
    about = (
        "Every error is an RFC 9457 problem, `application/problem+json`, with `type`, `title`, `title_zh`, `status`, "
        "`code`, `who_acts`, `request_id`, and where it helps `detail`, `errors` (each with `pointer`, `en`, `zh`) and "
        "facts. A `pointer` is a JSON pointer into the body (`#/phone`), or `query/limit`, `path/id`, `header/…`. "
        "Programs act on `code`; it never changes. Nothing a request sent is repeated."
    )
    return page(["# Problems", about, table(heads, rows)])


def metrics_page() -> str:
    """Return docs/reference/metrics.md."""
    import_everything()
    rows = (
        (f"`{one.name}`", one.kind, ", ".join(f"`{label}`" for label in one.labels) or "–", one.sentence)
        for _, one in sorted(DECLARED.items())
    )
    about = (
        "At `/metrics`, for processes on this machine or callers with `jobs.manage`; any worker answers for all. "
        "Prometheus adds `_total` to counters and `_bucket`, `_sum`, `_count` to histograms."
    )
    return page(["# Metrics", about, table(("Name", "Kind", "Labels", "What it counts"), rows)])


def deeds_page() -> str:
    """Return docs/reference/deeds.md."""
    import_everything()
    rows = ((f"`{kind.name}`", kind.zh, kind.en) for kind in every_deed())
    about = (
        "What is written to the audit trail about a person or a thing, in the words its subject reads. A deed has an "
        "outcome, `done` or `refused`."
    )
    return page(["# Deeds", about, table(("Name", "中文", "Sentence"), rows)])


def events_page() -> str:
    """Return docs/reference/events.md."""
    import_everything()
    rows = (
        (f"`{event.kind}`", _sentence(event), ", ".join(f"`{one.name}`" for one in fields(event)))
        for event in sorted(announced_events(), key=lambda event: event.kind)
    )
    about = (
        "What features announce in the transaction in which it happens; `src/healthcloud/server/wiring.py` says who "
        "reacts. Ids and dates only, never a name or a number of a person."
    )
    return page(["# Events", about, table(("Kind", "What has happened", "Holds"), rows)])


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "problems.md": problems_page,
    "metrics.md": metrics_page,
    "deeds.md": deeds_page,
    "events.md": events_page,
    "cli.md": command_line_page,
}


def write_pages(folder: Path) -> list[Path]:
    """Write every page that differs; return which."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, made in PAGES.items():
        path, text = folder / name, made()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written


def _sentence(thing: type) -> str:
    return " ".join((thing.__doc__ or "").split())


def _feature(kind: type) -> str:
    return kind.__module__.split(".")[1]


def _type(annotation: object) -> str:
    name = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    for long in ("pydantic.types.", "pathlib._local.", "pathlib.", "ipaddress."):
        name = name.replace(long, "")
    return name.replace("SecretStr", "secret").replace(" | None", "")


def _default(value: object) -> str:
    if value is PydanticUndefined:
        return "required"
    return "–" if value in (None, []) else f"`{value}`"
