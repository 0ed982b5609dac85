"""Values beside each other: what differs is marked sign by sign, and a weight has a word."""

import pytest

from healthcloud.web.console.comparing import DIFFERENT, MISSING, SAME, beside, signed, strength


def marked(values: list[str]) -> list[str]:
    """Write the values with what differs in brackets."""
    pieces, _ = beside(values)
    return ["".join(f"[{one.text}]" if one.differs else one.text for one in value) for value in pieces]


@pytest.mark.parametrize(
    ("values", "shown", "sign"),
    [
        (["王小明", "王小明"], ["王小明", "王小明"], SAME),
        (["王小明", "王晓明"], ["王[小]明", "王[晓]明"], DIFFERENT),
        (["1990-03-12", "1990-12-03"], ["1990-[03]-[12]", "1990-[12]-[03]"], DIFFERENT),
        (["王小明", "李红"], ["[王小明]", "[李红]"], DIFFERENT),
        (["13800000000", ""], ["13800000000", ""], MISSING),
        (["王小明", "王晓明", "王小明"], ["王[小]明", "王[晓]明", "王[小]明"], DIFFERENT),
    ],
)
def test_what_differs_is_marked(values: list[str], shown: list[str], sign: str) -> None:
    assert marked(values) == shown
    assert beside(values)[1] == sign


def test_every_sign_of_a_value_is_shown() -> None:
    for values in (["", ""], ["a", ""], ["abc", "xbz"], ["11010519491231002X", "110105491231002"]):
        pieces, _ = beside(values)
        assert ["".join(one.text for one in value) for value in pieces] == values


@pytest.mark.parametrize(
    ("weight", "word", "text"),
    [(9.0, "for-strong", "+9.0"), (3.0, "for-clear", "+3.0"), (0.2, "none", "+0.2"), (-1.0, "against-slight", "−1.0")],
)
def test_a_weight_has_a_word(weight: float, word: str, text: str) -> None:
    assert strength(weight) == word
    assert signed(weight) == text
