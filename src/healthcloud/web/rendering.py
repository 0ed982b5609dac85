"""How templates become text."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.environment import TemplateModule

from healthcloud.core.clock import SHANGHAI
from healthcloud.web.assets import asset

PARTS = "kit/parts.html"
MADE = "made_parts"  # in a page's values: where its parts are kept once they are made


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
