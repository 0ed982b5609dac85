"""The sandbox's pages before a browser: axe finds nothing, in both languages."""

import pytest
from fixtures.browser import DESK, DESKS, PHONE, SMALL_PHONE, Shape, Visit, settled
from fixtures.sandbox_tried import Sandbox

pytestmark = pytest.mark.city
# A tool for engineers at a desk, which also fits a phone.
SHAPES = (
    *DESKS,
    Shape("390", PHONE, target=24, other_target=24),
    Shape("320", SMALL_PHONE, 568, target=24, other_target=24),
)


@pytest.fixture
def site(trying: Sandbox) -> str:
    """Where the sandbox is."""
    return str(trying.client.base_url).rstrip("/")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_every_page_can_be_used_by_everybody(trying: Sandbox, visitor: Visit, language: str) -> None:
    # Given a switch that is on and a call in the journal
    await trying.client.put("/sandbox/switches", json={"face": "fhir", "down": True, "slow_ms": 5})
    await trying.client.get("/api/v1/institutions", headers={"Authorization": "HC1-HMAC-SM3 wrong"})
    calls = (await trying.client.get("/sandbox/calls.json")).json()["calls"]
    # When somebody looks at every page, then none has a fault
    page = await visitor(DESK, language=language)
    places = {"": "overview", f"/journal/{calls[0]['id']}": "call"}
    for path in ("", "/citizens", "/clock", "/switches", "/journal", f"/journal/{calls[0]['id']}", "/compare"):
        await page.goto(f"/sandbox{path}")
        await settled(page, f"sandbox-{places.get(path, path[1:])}-{language}", shapes=SHAPES)
