"""The card with no network, in a browser: asked for, made by the phone after a reload, wiped whenever it must be."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fixtures.browser import Visit, forgive, installed, settled
from fixtures.http import served
from fixtures.scanner import read_code
from playwright.async_api import Browser, Page, expect
from web.households import Resident, settle

from healthcloud import cards
from healthcloud.core.caller import SYSTEM
from healthcloud.server.processes.worker import application_of
from healthcloud_reader import DeviceCode, DynamicCode, check_device, parse, step_at
from healthcloud_reader.tokens import PLATFORM_SLOT

_KEPT = """() => new Promise((resolve) => {
  const opened = indexedDB.open("hc-card");
  opened.onupgradeneeded = () => opened.transaction.abort();
  opened.onerror = () => resolve([]);
  opened.onsuccess = () => {
    const asked = opened.result.transaction("cards").objectStore("cards").getAll();
    asked.onsuccess = () => { opened.result.close(); resolve(asked.result.map((one) => one.name)); };
  };
})"""
_KEYS = """async () => {
  const kept = await new Promise((resolve) => {
    const opened = indexedDB.open("hc-card");
    opened.onsuccess = () => {
      const asked = opened.result.transaction("cards").objectStore("cards").getAll();
      asked.onsuccess = () => { opened.result.close(); resolve(asked.result[0]); };
    };
  });
  const keys = [kept.certified.key, ...kept.secrets.map((one) => one.key)];
  const form = (key) => (key.type === "secret" ? "raw" : "pkcs8");
  const read = await Promise.allSettled(keys.map((key) => crypto.subtle.exportKey(form(key), key)));
  return [keys.map((key) => key.extractable), read.map((one) => one.status)];
}"""
_CACHED = """async () => {
  let all = "";
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) all += request.url + " " + (await (await cache.match(request)).text());
  }
  return all;
}"""
NO_NETWORK = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "ERR_CONNECTION_REFUSED", "Failed to load resource")


@pytest.fixture
async def holder(clinic: Any, request: pytest.FixtureRequest) -> Resident:
    """Somebody with a card, another for each test."""
    numbers = {name: 600 + n for n, name in enumerate(sorted(one for one in globals() if one.startswith("test_")))}
    return await settle(clinic, numbers[request.node.originalname])


async def begin(page: Page) -> None:
    """Turn offline use on, and wait till the pages open without a network."""
    await page.goto("/card/offline")
    await page.get_by_label("这是我自己的手机").check()
    await page.get_by_role("button", name="在这部手机上开启").click()
    await expect(page.get_by_text("已开启离线使用")).to_be_visible()
    await page.goto("/card")
    await installed(page)
    await shown(page)


async def shown(page: Page) -> str:
    return await read_code(page.locator(".plate-code svg:not(.blank)"))


async def test_after_a_reload_with_no_network_the_phone_makes_codes(
    visitor: Visit, clinic: Any, holder: Resident
) -> None:
    # Given a phone whose holder asked for offline use
    page = await visitor(390, cookies=holder.browser.cookies)
    await page.goto("/card/offline")
    await settled(page, "card-offline-use")
    await begin(page)
    platform = parse(await shown(page))
    assert isinstance(platform, DynamicCode)
    assert platform.token.slot == PLATFORM_SLOT

    # When there is no network and the page is loaded again
    forgive(page, *NO_NETWORK)
    await page.context.set_offline(True)
    await page.reload()

    # Then it shows the card, says that this phone made the code and how old what it shows is
    await expect(page.locator("#name")).to_have_text(re.compile(r".\*"))
    await expect(page.locator(".trouble")).to_contain_text("没有网络，二维码由本机生成")
    await expect(page.locator(".trouble")).to_contain_text(re.compile(r"资料更新于 \d\d-\d\d \d\d:\d\d"))
    own = await shown(page)
    read = parse(own)
    assert isinstance(read, DynamicCode)
    assert (read.card_id, read.token.slot) == (platform.card_id, 1)
    await settled(page, "card-own-code")

    # And a counter takes it
    desk = await clinic.at_desk("clerk1", 1)
    taken = await desk.post("/scan", data={"code": own})
    assert "核验通过" in taken.text

    # And with the other code a reader without a network trusts what the phone signed
    await page.get_by_role("button", name="无网络读卡").click()
    await expect(page.locator("#code.device")).to_be_visible()
    device = parse(await shown(page))
    assert isinstance(device, DeviceCode)
    trusted = {one.public.id: one.public for one in clinic.city.database.vault.trust_list("cards.city-signature")}
    assert check_device(device, trusted) is None
    certificate = device.signed.certificate
    assert (certificate.card_id, certificate.slot, certificate.epoch) == (platform.card_id, 1, read.token.epoch)
    assert 0 <= abs(device.step - step_at(clinic.city.database.clock.now())) <= 1
    await expect(page.locator(".trouble")).to_contain_text("没有网络，二维码由本机生成")
    await settled(page, "card-device-code")

    # When the network is back, the city's own code is shown again
    await page.get_by_role("button", name="平常扫码").click()
    await page.context.set_offline(False)
    await expect(page.locator(".trouble")).to_be_hidden()


async def test_keys_cannot_be_read_and_caches_hold_nobody(visitor: Visit, holder: Resident) -> None:
    page = await visitor(390, cookies=holder.browser.cookies)
    await begin(page)
    extractable, read = await page.evaluate(_KEYS)
    assert extractable == [False] * 3
    assert read == ["rejected"] * 3
    cached = await page.evaluate(_CACHED)
    assert "/card " in cached
    name = await page.locator("#name").inner_text()
    code = parse(await shown(page))
    assert isinstance(code, DynamicCode)
    for told in (name, holder.form.name, holder.document.number, code.card_id.hex(), code.card_id.hex().upper()):
        assert str(told) not in cached
    assert str(holder.person_id) not in cached


async def test_signing_out_wipes_everything(visitor: Visit, clinic: Any, holder: Resident) -> None:
    page = await visitor(390, cookies=holder.browser.cookies)
    await begin(page)
    assert await page.evaluate(_KEPT) != []
    await page.goto("/me")
    await page.get_by_role("button", name="退出登录").click()
    await page.wait_for_url(re.compile(r"/$"))
    assert await page.evaluate(_KEPT) == []
    assert holder.document.number not in await page.evaluate(_CACHED)
    async with clinic.city.database.read() as read:
        front = await cards.front_of(read, holder.person_id)
    assert front is not None
    assert front.phones == []


async def test_a_session_that_ended_elsewhere_wipes_at_the_next_contact(
    visitor: Visit, clinic: Any, holder: Resident
) -> None:
    page = await visitor(390, cookies=holder.browser.cookies)
    await begin(page)
    await clinic.browser().post("/sign-out", headers={"Cookie": f"hc_session={holder.browser.cookies['hc_session']}"})
    await page.goto("/card")
    await page.wait_for_url("**/sign-in?next=/card")
    assert await page.evaluate(_KEPT) == []


async def test_a_removed_phone_is_wiped_at_the_next_contact(visitor: Visit, clinic: Any, holder: Resident) -> None:
    page = await visitor(390, cookies=holder.browser.cookies)
    await begin(page)
    async with clinic.city.database.read() as read:
        front = await cards.front_of(read, holder.person_id)
    assert front is not None
    await holder.browser.delete(f"/api/v1/cards/phones/{front.phones[0]}")
    await page.goto("/card")
    await shown(page)
    await expect(page.locator(".readers")).to_be_hidden()
    assert await page.evaluate(_KEPT) == []


async def test_a_frozen_card_makes_no_codes_after_the_next_contact(
    visitor: Visit, clinic: Any, holder: Resident
) -> None:
    page = await visitor(390, cookies=holder.browser.cookies)
    await begin(page)
    await clinic.city.database.transact(lambda tx: cards.freeze(tx, SYSTEM, holder.person_id))
    await page.goto("/card")
    await expect(page.get_by_role("heading", name="已挂失")).to_be_visible()
    forgive(page, *NO_NETWORK)
    await page.context.set_offline(True)
    await page.reload()
    await expect(page.locator(".trouble")).to_contain_text("这张卡不能使用，本机不再出码")
    await expect(page.locator(".plate-code svg.blank")).to_be_attached()
    await settled(page, "card-frozen-offline")


async def test_two_tabs_and_taking_it_away(visitor: Visit, holder: Resident) -> None:
    page = await visitor(390, cookies=holder.browser.cookies)
    await begin(page)
    other = await page.context.new_page()
    await other.goto("/card/offline")
    await expect(other.get_by_text("已开启离线使用")).to_be_visible()
    await settled(other, "card-offline-use-on")
    await other.get_by_role("button", name="从这部手机上移除").click()
    await expect(other.get_by_text("还没有开启离线使用")).to_be_visible()
    assert await page.evaluate(_KEPT) == []
    await page.get_by_role("link", name="刷新二维码").click()
    await expect(page.locator(".readers")).to_be_hidden()
    assert (await holder.browser.get("/card/now")).json()["phones"] == []


@pytest.fixture
async def ending(clinic: Any) -> AsyncIterator[tuple[str, Any]]:
    """A second server of the city, which a test can stop."""
    running = served(application_of(clinic.city))
    url = await running.__aenter__()
    stopped: list[bool] = []

    async def stop() -> None:
        if not stopped:
            stopped.append(True)
            await running.__aexit__(None, None, None)

    yield url, stop
    await stop()


async def test_with_the_server_gone_the_card_is_shown(
    browser: Browser, holder: Resident, ending: tuple[str, Any]
) -> None:
    url, stop = ending
    context = await browser.new_context(base_url=url, locale="zh-CN")
    await context.add_cookies([{"name": "hc_session", "value": holder.browser.cookies["hc_session"], "url": url}])
    page = await context.new_page()
    await begin(page)
    await stop()
    await page.reload()
    await expect(page.locator(".trouble")).to_contain_text("二维码由本机生成")
    read = parse(await shown(page))
    assert isinstance(read, DynamicCode)
    assert read.token.slot == 1
    await context.close()
