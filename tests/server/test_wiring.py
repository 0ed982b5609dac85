"""Everything that happens behind the requests is named once, and no event falls on deaf ears."""

from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from healthcloud import audit
from healthcloud.core.background import Recurring, WiringFault, announced_events
from healthcloud.core.events import Event
from healthcloud.core.settings import Settings
from healthcloud.server.composition import City
from healthcloud.server.purposes import PURPOSES
from healthcloud.server.wiring import WIRING, wired


def test_every_event_of_every_feature_is_heard_or_has_a_reason() -> None:
    WIRING.check(announced_events())
    assert len(announced_events()) > 15


def test_the_check_finds_an_event_nobody_named() -> None:
    @dataclass(frozen=True, slots=True)
    class Unheard(Event):
        kind: ClassVar[str] = "test.unheard"

    with pytest.raises(WiringFault, match="unheard has neither"):
        WIRING.check([*announced_events(), Unheard])


def test_the_check_finds_a_name_used_twice() -> None:
    twice = replace(WIRING, recurring=(*WIRING.recurring, WIRING.recurring[0]))
    with pytest.raises(WiringFault, match="used twice"):
        twice.check(announced_events())


async def test_a_city_has_its_texts_sent_its_months_made_and_its_deeds_sealed(city: City) -> None:
    whole = wired(city, audit.Sealer(city.database, audit.HeadFile(city.settings.var / "heads")))
    kinds = set(whole.kinds())
    assert {"channels.send", "core.keep-partitions", "core.forget-answers", "people.recheck", "cards.on-death"} <= kinds
    assert {"audit.sealer", "figures.follower"} <= {sole.name for sole in whole.soles}
    assert all(isinstance(one, Recurring) for one in whole.recurring)


def test_every_purpose_is_named_once() -> None:
    names = [purpose.name for purpose in PURPOSES]
    assert len(names) == len(set(names))
    assert {name.partition(".")[0] for name in names} >= {"core", "audit", "channels", "access", "people", "cards"}


def test_settings_reach_the_city(city: City) -> None:
    assert isinstance(city.settings, Settings)
    own = ["/api/v1/cards/verify", "/api/v1/cards/verify-batch"]
    assert [endpoint.path for endpoint in city.hot][:4] == [*own, "/api/do", "/erhc/ehealthcard/business.do"]
