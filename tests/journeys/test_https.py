"""The city over HTTPS, by its local authority: as its processes serve it, in a browser and to a machine."""

import asyncio
import ssl
from collections.abc import Callable

import httpx
import pytest
from journeys.processes import RunningCity
from playwright.async_api import Browser

from healthcloud.server.tls import trusting


async def test_everybody_meets_it_over_https(new_city: Callable[[], RunningCity], browser: Browser) -> None:
    city = new_city()
    city.tls = True
    printed = await asyncio.to_thread(city.start)
    assert "tls/authority.pem" in printed

    async with httpx.AsyncClient(base_url=city.url, trust_env=False, verify=city.trusted) as client:
        page = await client.get("/staff/sign-in")
        assert page.status_code == 200
        assert "strict-transport-security" not in page.headers  # it would bind every other program on this localhost
        chosen = await client.post("/language", data={"language": "en"}, headers={"Origin": city.url})
        assert chosen.headers["set-cookie"].endswith("; Secure")
        member = city.member("clerk1")
        form = {"login": "clerk1", "password": member.password, "code": (city.json("demo", "code", "clerk1"))["code"]}
        signed = await client.post("/staff/sign-in", data=form, headers={"Origin": city.url})
        assert signed.status_code == 303
        assert "; Secure" in signed.headers["set-cookie"]
        other = await client.post("/language", data={"language": "en"}, headers={"Origin": "https://other.example"})
        assert other.status_code == 403

    assert not await _reaches(city.url, trusting(None))
    assert not await _reaches(city.url.replace("https:", "http:"), city.trusted)
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.load_verify_locations(city.var / "tls" / "authority.pem")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    assert not await _reaches(city.url, old)

    context = await browser.new_context(base_url=city.url, ignore_https_errors=True)
    visited = await context.new_page()
    await visited.goto("/")
    assert await visited.evaluate("() => isSecureContext && crypto.subtle !== undefined")
    await context.close()
    toured = await asyncio.to_thread(city.command, "tour")
    assert toured.returncode == 0, toured.stdout


async def _reaches(url: str, trusted: ssl.SSLContext) -> bool:
    async with httpx.AsyncClient(trust_env=False, verify=trusted) as client:
        try:
            await client.get(url)
        except httpx.TransportError:
            return False
    return True
