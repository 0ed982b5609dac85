"""How a resident wants pages to look: text size and theme, kept in the cookie `hc_display` as `size.theme`."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request

DISPLAY_COOKIE = "hc_display"
SIZES = ("normal", "large", "elder", "huge")
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Display:
    """Text size and theme; `elder` also means other, plainer pages where there are any."""

    size: str = "normal"
    theme: str = "auto"

    @property
    def elder(self) -> bool:
        """Whether the plainer pages are wanted."""
        return self.size == "elder"

    def changed(self, size: str | None, theme: str | None) -> "Display":
        """Return it with another size or theme, where these are ours."""
        return Display(
            size if size is not None and size in SIZES else self.size,
            theme if theme is not None and theme in THEMES else self.theme,
        )

    def written(self) -> str:
        """Return it as the cookie holds it."""
        return f"{self.size}.{self.theme}"


def display_of(request: Request) -> Display:
    """Return what this browser chose; whatever else the cookie holds is the usual look."""
    return display_in(request.cookies)


def display_in(cookies: Mapping[str, str]) -> Display:
    """Return what these cookies say a browser chose."""
    size, _, theme = cookies.get(DISPLAY_COOKIE, "").partition(".")
    return Display().changed(size, theme)
