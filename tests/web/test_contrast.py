"""Every ink on every ground it stands on, in both themes: at least 4.5 : 1 as WCAG 2.2 (1.4.3, 1.4.11) counts it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from healthcloud.web.assets import FOLDER

INKS = {  # ink: the grounds it stands on
    "text": ("ground", "plate", "brand-soft", "off-soft", "ok-soft", "warn-soft", "danger-soft", "info-soft"),
    "sub": ("ground", "plate", "brand-soft", "off-soft"),
    "brand": ("ground", "plate", "brand-soft"),
    "danger": ("ground", "plate", "danger-soft"),
    "warn": ("ground", "plate", "warn-soft"),
    "ok": ("ground", "plate", "ok-soft"),
    "info": ("ground", "plate", "info-soft"),
    "off": ("off-soft", "plate"),
    "on-act": ("act", "act-end"),  # both ends of the card's gradient
    "act": ("on-act",),
    "plate": ("danger",),  # the count of what is new
}
LINES = {  # what is no text but must be seen: borders of controls, the ring of the focus
    "edge": ("ground", "plate"),
    "focus": ("ground", "plate", "brand-soft", "danger-soft"),
    "act": ("ground", "plate"),
}
TEXT_RATIO, LINE_RATIO = 4.5, 3.0
ALWAYS_LIGHT = {"card.css"}
TOKENS = (FOLDER / "kit" / "tokens.css").read_text()
OURS = sorted(path for path in FOLDER.rglob("*.css") if "vendor" not in path.parts)


def tokens_of(selector: str) -> dict[str, str]:
    blocks = re.findall(rf"{re.escape(selector)} \{{(.*?)\}}", TOKENS, re.DOTALL)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", blocks[0]))


LIGHT, DARK, BY_ITSELF = (tokens_of(one) for one in (":root", '[data-theme="dark"]', '[data-theme="auto"]'))


def luminance(colour: str) -> float:
    bare = colour.lstrip("#")
    bare = "".join(digit * 2 for digit in bare) if len(bare) == 3 else bare
    channels = [int(bare[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def pairs() -> Iterator[tuple[str, str, float]]:
    for table, least in ((INKS, TEXT_RATIO), (LINES, LINE_RATIO)):
        for ink, grounds in table.items():
            yield from ((ink, ground, least) for ground in grounds)


def test_the_formula_is_the_standards() -> None:
    assert ratio("#000", "#fff") == pytest.approx(21)
    assert ratio("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_pair_can_be_read(theme: dict[str, str]) -> None:
    found = {f"{ink} on {ground}": ratio(theme[ink], theme[ground]) for ink, ground, _ in pairs()}
    least = {f"{ink} on {ground}": wanted for ink, ground, wanted in pairs()}
    assert {pair: round(got, 2) for pair, got in found.items() if got < least[pair]} == {}


def test_the_dark_that_is_chosen_is_the_dark_of_the_device() -> None:
    assert DARK == BY_ITSELF
    assert DARK.keys() == LIGHT.keys()


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_every_pair_a_style_names_is_computed_here(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    known = {(ink, ground) for ink, ground, _ in pairs()}
    unknown = set()
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
        ink = re.search(r"(?:^|[;\s])color: var\(--([\w-]+)\)", body)
        for ground in re.findall(r"var\(--([\w-]+)\)", " ".join(re.findall(r"background(?:-\w+)?:([^;]*)", body))):
            if ink and (ink[1], ground) not in known:
                unknown.add((selector.strip(), ink[1], ground))
    assert unknown == set()


@pytest.mark.parametrize("path", [one for one in OURS if one.name != "tokens.css"], ids=lambda path: path.name)
def test_a_style_takes_its_colours_from_the_tokens(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    found = re.findall(r"([^{}]*)\{[^{}]*(#[0-9a-f]{3,8})\b", text)
    # A code is read from white, in the dark too, with what stands beside it; paper is white.
    own = [(where.strip(), colour) for where, colour in found if colour not in ("#fff", "#000")]
    assert path.name in ALWAYS_LIGHT or own == []


@pytest.mark.parametrize("path", [one for one in OURS if one.name in ALWAYS_LIGHT], ids=lambda path: path.name)
def test_what_is_light_in_the_dark_too_can_be_read(path: Path) -> None:
    for body in re.findall(r"\{([^{}]*)\}", path.read_text()):
        ink = re.search(r"(?:^|[;\s])color: (#[0-9a-f]{3,6})", body)
        ground = re.search(r"background: (#[0-9a-f]{3,6})", body)
        if ink and (ground or ink[1] != "#fff"):
            assert ratio(ink[1], ground[1] if ground else "#fff") >= TEXT_RATIO, body


def test_sizes_are_those_of_the_rules_for_elders() -> None:
    sizes = dict(re.findall(r'data-display="(\w+)"\] \{ --fs: (\d+)px; --tap: \d+px; \}', TOKENS))
    taps = dict(re.findall(r'data-display="(\w+)"\] \{ --fs: \d+px; --tap: (\d+)px; \}', TOKENS))
    assert {name: int(size) for name, size in sizes.items()} == {"large": 18, "elder": 22, "huge": 30}
    assert int(taps["elder"]) >= 60
    assert int(taps["huge"]) >= 60
    assert "--fs: 16px; --tap: 44px" in TOKENS
