"""The hospital-side form of Shandong over HTTP: three calls, answered in a line."""

import httpx
import pytest
from cards.scanning import REGISTRATION
from gateway.faces import App, FaceTown
from people.makers import checked

from healthcloud.core.clock import REAL_CLOCK


@pytest.fixture(scope="module")
async def app(city: FaceTown) -> App:
    return await city.app()


@pytest.fixture
def town(city: FaceTown) -> FaceTown:
    city.town.database.clock = REAL_CLOCK
    return city


async def call(town: FaceTown, app: App, method: str, *, secret: str | None = None, **form: str) -> list[str]:
    auth = httpx.BasicAuth(app.app_id, secret or app.secret)
    answer = await town.http.post(f"/hospital/{method}", data=form, auth=auth)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain;charset=UTF-8"
    return answer.text.split("^")


async def test_the_three_calls_answer_in_one_line(town: FaceTown, app: App) -> None:
    registration = checked()
    number = registration.documents[0].number
    holder = await town.town.holder(await town.town.person(registration=registration))
    told = f"{registration.name}||01|{number}|{holder.card.number}"
    code = town.town.code(holder.card)
    window = str(app.hospital.window)
    scanned = await call(town, app, "GetPatInfoByQrCode", qr=code, medStepCode=REGISTRATION, deptCode=window)
    assert scanned == ["0", "成功", told]
    assert await call(town, app, "GetHealthCardInfoByCardNo", cardId=holder.card.number) == ["0", "成功", told]
    assert await call(town, app, "GetQrCodeByIdCard", idNo=number) == ["0", "成功", f"{holder.card.number}:1:::"]


async def test_json_is_read_too(town: FaceTown, app: App) -> None:
    auth = httpx.BasicAuth(app.app_id, app.secret)
    answer = await town.http.post("/hospital/GetQrCodeByIdCard", json={"idNo": "1"}, auth=auth)
    assert answer.text.startswith("-1^")


@pytest.mark.parametrize(
    ("form", "code"),
    [({"qr": "hello"}, "code-unreadable"), ({}, "unacceptable"), ({"qr": "x", "deptCode": "nowhere"}, "terminal-unkn")],
)
async def test_refusals_keep_the_line_s_form(town: FaceTown, app: App, form: dict[str, str], code: str) -> None:
    window = {"deptCode": str(app.hospital.window)} | form
    flag, message, nothing = await call(town, app, "GetPatInfoByQrCode", **window)
    assert (flag, nothing) == ("-1", "")
    assert f"[{code}" in message


async def test_nobody_is_answered_without_the_secret(town: FaceTown, app: App) -> None:
    flag, message, _ = await call(town, app, "GetQrCodeByIdCard", secret="0" * 16, idNo="1")
    assert (flag, "[face-signature-wrong]" in message) == ("-1", True)
    answer = await town.http.post("/hospital/GetQrCodeByIdCard", data={"idNo": "1"})
    assert answer.text.startswith("-1^")
