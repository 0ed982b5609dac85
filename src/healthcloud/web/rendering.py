"""How templates become text."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.environment import TemplateModule
from markupsafe import Markup, escape

from healthcloud.core.clock import SHANGHAI
from healthcloud.web.assets import asset

PARTS = "kit/parts.html"
MADE = "made_parts"  # in a page's values: where its parts are kept once they are made


class Labels:
    """
    The labels of a page's fields, told by the fields themselves, for the summary that stands above them.

    The summary holds a place for each; `told` puts the labels there once the page is whole.
    """

    _PLACE = re.compile("\x02([\\w-]+)\x03")

    def __init__(self) -> None:
        self._labels: dict[str, str] = {}

    def put(self, name: str, label: str) -> str:
        """Take a field's label; show nothing."""
        self._labels[name] = label
        return ""

    def place(self, name: str) -> Markup:
        """Hold the place of a field's label."""
        return Markup(f"\x02{escape(name)}\x03")  # noqa: S704 - escaped

    def told(self, text: str, form: str) -> str:
        """Return the page with `form`, which has {label} in it, at each place; nothing where a field told no label."""
        known = {name: str(escape(form.format(label=label))) for name, label in self._labels.items()}
        return self._PLACE.sub(lambda place: known.get(place[1], ""), text)


class _Template(Template):
    """A template whose parts of the kit are made once a page, however many of its templates import them."""

    def make_module(
        self,
        vars: dict[str, Any] | None = None,  # noqa: A002 - jinja2's names
        shared: bool = False,  # noqa: FBT001, FBT002 - jinja2's signature
        locals: Any = None,  # noqa: A002 - as above
    ) -> TemplateModule:
        """Return the module of an `import … with context`."""
        made = vars.get(MADE) if vars is not None and self.name == PARTS else None
        if made is None:
            return super().make_module(vars, shared, locals)
        if PARTS not in made:
            made[PARTS] = super().make_module(vars, shared)
        module: TemplateModule = made[PARTS]
        return module


class _Pages(Environment):
    template_class = _Template


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _shanghai(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


PAGES = _Pages(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
PAGES.filters |= {"utc": _utc, "shanghai": _shanghai}
PAGES.globals |= {"asset": asset}
