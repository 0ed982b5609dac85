"""What administrators do over the consoles: each act once, grave ones with a one-time code, all of them deeds."""

import re
import shutil
import subprocess
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from web.forms_shown import once_in

from healthcloud import access, audit, cards
from healthcloud.core.background import DeadJob, list_dead, list_waiting
from healthcloud.core.caller import SYSTEM, Caller, CallerKind
from healthcloud.core.ids import new_id
from healthcloud.core.postgres import read_migrations
from healthcloud.server.demonstration import resident
from healthcloud.server.places import heads_file
from healthcloud.web.console.clients import sample

AUDITOR = Caller(CallerKind.STAFF, new_id(), frozenset({"audit.read"}))


async def code_of(clinic: Any, login: str) -> str:
    """A code that is good now, however lately one was spent."""
    member = next(one for one in clinic.loaded.staff if one.login == login)
    database = clinic.city.database
    await database.transact(lambda tx: tx.run("UPDATE access.accounts SET totp_step = 0 WHERE login = $1", login))
    return str(member.code(database.clock.now().timestamp()))


async def fill(browser: httpx.AsyncClient, path: str, **form: str) -> httpx.Response:
    """Open a form and send it filled in."""
    page = await browser.get(path)
    return await browser.post(path, data={"once": once_in(page), **form})


async def account(clinic: Any, login: str) -> UUID:
    async with clinic.city.database.read() as read:
        found = await access.staff.staff_of(read, SYSTEM, text=login, limit=200)
    return next(one.id for one in found if one.login == login)


async def deeds(clinic: Any, deed: str) -> list[audit.Deed]:
    since = clinic.city.database.clock.now() - timedelta(hours=1)
    async with clinic.city.database.read() as read:
        return await audit.search_deeds(read, AUDITOR, audit.DeedsWanted(since=since, deed=deed))


async def test_a_key_of_a_face_is_shown_with_its_app_id_and_addresses_are_changed(clinic: Any) -> None:
    browser, hospital = await clinic.signed_in("security"), clinic.loaded.hospitals[1].id
    made = await fill(
        browser,
        "/console/clients/new",
        institution_id=str(hospital),
        name="卡平台前置机",
        quota="50",
        addresses="10.1.0.0/16\n192.0.2.7",
        **{"scope.cards.verify": "yes"},
    )
    client = made.headers["location"].partition("?")[0]
    assert "10.1.0.0/16" in (await browser.get(client)).text

    shown = await fill(browser, f"{client}/keys/new", algorithm="APP-SECRET", code=await code_of(clinic, "security"))
    app_id, secret = re.findall(r'<code id="secret-\d">([^<]+)', shown.text)
    assert re.fullmatch("[0-9a-f]{32}", app_id)
    assert re.fullmatch("[0-9A-Za-z]{16}", secret)
    without = await fill(browser, f"{client}/keys/new", algorithm="SM2", code=await code_of(clinic, "security"))
    assert (without.status_code, "SM2 密钥需要机构的公钥" in without.text) == (422, True)

    wrong = await fill(browser, f"{client}/addresses", addresses="医院", code=await code_of(clinic, "security"))
    assert (wrong.status_code, "应为 IP 地址或网段" in wrong.text) == (422, True)
    await fill(browser, f"{client}/addresses", addresses="198.51.100.0/24", code=await code_of(clinic, "security"))
    page = (await browser.get(client)).text
    assert "198.51.100.0/24" in page
    assert "10.1.0.0/16" not in page


async def test_keys_roll_over_and_each_is_shown_once(clinic: Any) -> None:
    browser, hospital = await clinic.signed_in("security"), clinic.loaded.hospitals[1].id
    made = await fill(
        browser,
        "/console/clients/new",
        institution_id=str(hospital),
        name="门诊系统",
        quota="50",
        **{"scope.cards.verify": "yes"},
    )
    client = made.headers["location"].partition("?")[0]

    wrong = await fill(browser, f"{client}/keys/new", algorithm="HMAC-SM3", code="000000")
    assert wrong.status_code == 422
    assert "动态口令不正确" in wrong.text

    page = await browser.get(f"{client}/keys/new")
    form = {"once": once_in(page), "algorithm": "HMAC-SM3", "code": await code_of(clinic, "security")}
    first = await browser.post(f"{client}/keys/new", data=form)
    again = await browser.post(f"{client}/keys/new", data=form)
    keys = [re.findall(r'<code id="secret-\d">([^<]+)', one.text) for one in (first, again)]
    assert keys[0] == keys[1]
    key_id, secret = keys[0]
    assert secret not in (await browser.get(client)).text

    await fill(browser, f"{client}/keys/new", algorithm="HMAC-SM3", code=await code_of(clinic, "security"))
    third = await fill(browser, f"{client}/keys/new", algorithm="HMAC-SM3", code=await code_of(clinic, "security"))
    assert third.status_code == 409
    away = await fill(browser, f"{client}/keys/{key_id}/revoke", code=await code_of(clinic, "security"))
    assert away.headers["location"] == f"{client}?done=key-revoked"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the sample is for a shell with openssl")
@pytest.mark.parametrize("algorithm", [access.Algorithm.SM3, access.Algorithm.SHA256])
async def test_the_sample_beside_a_new_key_signs_rightly(
    clinic: Any, tmp_path: Any, algorithm: access.Algorithm
) -> None:
    database, hospital = clinic.city.database, clinic.loaded.hospitals[1].id
    client = await database.transact(lambda tx: access.create_client(tx, SYSTEM, hospital, "示例", ["cards.verify"]))
    key = await database.transact(lambda tx: access.add_client_key(tx, SYSTEM, client.client_id, algorithm=algorithm))
    script = sample(clinic.url, key.key_id, key.algorithm).replace("/cards/verify", "/access/signature")
    (tmp_path / "body.json").write_text('{"a": 1}')
    curl = 'curl() { while [ "$1" != -H ] || [ "${2#Auth}" = "$2" ]; do shift; done; printf %s "$2"; }\n'
    told = subprocess.run(  # noqa: ASYNC221, S603 - a test waits, for a script of ours
        ["/bin/bash", "-c", curl + script],
        cwd=tmp_path,
        env={"KEY_SECRET": key.secret, "PATH": "/usr/bin:/bin"},
        check=True,
        capture_output=True,
        text=True,
    )
    header = told.stdout.partition(": ")[2]
    headers = {"Authorization": header, "Content-Type": "application/json"}
    answer = await clinic.browser().post("/api/v1/access/signature", content=b'{"a": 1}', headers=headers)
    assert answer.status_code == 200, answer.text


async def test_somebody_is_invited_given_a_role_until_a_day_and_lets_go(clinic: Any) -> None:
    browser = await clinic.signed_in("security")
    page = await browser.get("/console/staff/new")
    wish = {"login": "new.clerk", "name": "新到人员", "institution_id": str(clinic.loaded.hospitals[1].id), "role": ""}
    kept = await browser.post("/console/staff/new", data={"once": once_in(page), **wish})
    review = await browser.get(kept.headers["location"])
    assert "新到人员" in review.text
    assert await deeds(clinic, "access.invited")
    made = await browser.post("/console/staff/new", data={"once": once_in(review), **wish, "checked": "yes"})
    assert re.search(r"/staff/enrol#[A-Za-z0-9_-]{64}<", made.text)

    member = f"/console/staff/{await account(clinic, 'new.clerk')}"
    code = await code_of(clinic, "security")
    given = await fill(browser, f"{member}/roles/new", role="clerk", until="2099-12-31", code=code)
    assert given.headers["location"] == f"{member}?done=role-granted"
    assert "2099-12-31 23:59" in (await browser.get(member)).text
    city = await fill(
        browser, f"{member}/roles/new", role="audit-administrator", code=await code_of(clinic, "security")
    )
    assert city.status_code == 422
    taken = await fill(browser, f"{member}/roles/clerk/withdraw", code=await code_of(clinic, "security"))
    assert taken.headers["location"] == f"{member}?done=role-withdrawn"
    left = await fill(browser, f"{member}/leave", code=await code_of(clinic, "security"))
    assert left.headers["location"] == f"{member}?done=leave"
    assert "已离岗" in (await browser.get(member)).text


async def test_nobody_changes_himself_and_each_sees_only_their_institution(clinic: Any) -> None:
    security = await clinic.signed_in("security")
    own = f"/console/staff/{await account(clinic, 'security')}"
    refused = await fill(security, f"{own}/leave", code=await code_of(clinic, "security"))
    assert refused.status_code == 403
    manager = await clinic.signed_in("manager1")
    listed = (await manager.get("/console/staff")).text
    assert "clerk1" in listed
    assert "clerk2" not in listed
    other = await manager.get(f"/console/staff/{await account(clinic, 'clerk2')}")
    assert other.status_code == 404
    elsewhere = await manager.get(f"/console/institutions/{clinic.loaded.hospitals[2].id}")
    assert elsewhere.status_code == 404


async def test_a_card_is_found_frozen_and_cancelled_with_reasons_its_holder_reads(clinic: Any) -> None:
    holder = await clinic.card_of(81)
    browser, words = await clinic.signed_in("operator"), "本人来电说手机丢失"
    document = resident(81).documents[0]
    number = document.number
    assert (await browser.get(f"/console/cards/{holder.person_id}")).status_code == 404  # nobody said why yet
    found = await fill(browser, "/console/cards", by="document", kind=document.kind, number=number, reason="本人来电")
    card = f"/console/cards/{holder.person_id}"
    assert found.headers["location"] == card
    assert number not in (await browser.get(card)).text
    without = await fill(browser, f"{card}/freeze", why="lost", reason="")
    assert without.status_code == 422
    frozen = await fill(browser, f"{card}/freeze", why="lost", reason=words)
    assert frozen.headers["location"] == f"{card}?done=freeze"
    assert words in [one.reason for one in await deeds(clinic, "cards.frozen")]
    assert "挂失" in (await browser.get(card)).text
    again = await fill(browser, f"{card}/freeze", why="lost", reason=words)
    assert again.status_code == 409
    bare = await fill(browser, f"{card}/cancel", reason="本人要求", code="")
    assert bare.status_code == 422
    gone = await fill(browser, f"{card}/cancel", reason="本人要求", code=await code_of(clinic, "operator"))
    assert gone.headers["location"] == f"{card}?done=cancel"
    back = await fill(browser, f"{card}/restore", reason="本人要求恢复", code=await code_of(clinic, "operator"))
    assert back.headers["location"] == f"{card}?done=restore"


async def test_a_card_is_found_by_its_number_in_the_form_only(clinic: Any) -> None:
    holder = await clinic.card_of(82)
    async with clinic.city.database.read() as read:
        number = (await cards.my_card(read, holder)).number
    browser = await clinic.signed_in("operator")
    page = await browser.get("/console/cards?by=card")
    form = {"once": once_in(page), "by": "card", "number": number.lower(), "reason": "医院来电核对"}
    found = await browser.post("/console/cards", data=form)
    assert found.headers["location"] == f"/console/cards/{holder.person_id}"
    assert "医院来电核对" in [one.reason for one in await deeds(clinic, "cards.looked-up")]
    assert number not in (await browser.get(found.headers["location"])).text
    old = "0F" * 32
    path = f"{found.headers['location']}/alias"
    assert (
        await fill(browser, path, number="1", reason="旧卡", code=await code_of(clinic, "operator"))
    ).status_code == 422
    linked = await fill(browser, path, number=old, reason="旧卡", code=await code_of(clinic, "operator"))
    assert linked.headers["location"].endswith("?done=alias")
    by_old = await browser.post("/console/cards", data=form | {"number": old})
    assert by_old.headers["location"] == found.headers["location"]
    wrong = await browser.post("/console/cards", data=form | {"number": "12"})
    assert wrong.status_code == 422


@pytest.fixture
async def dead(clinic: Any) -> DeadJob:
    job_id, now = new_id(), clinic.city.database.clock.now()
    await clinic.city.database.transact(
        lambda tx: tx.run(
            "INSERT INTO core.dead_jobs (id, kind, priority, body, attempts, last_error, created_at, died_at)"
            " VALUES ($1, 'test.kind', 1, '{}', 12, 'Unavailable at web/test.py:1', $2, $2)",
            job_id,
            now,
        )
    )
    async with clinic.city.database.read() as read:
        return next(one for one in await list_dead(read) if one.id == job_id)


async def test_a_dead_job_is_replayed_with_a_reason(clinic: Any, dead: DeadJob) -> None:
    browser = await clinic.signed_in("system")
    assert "Unavailable at web/test.py:1" in (await browser.get("/console/jobs")).text
    path = f"/console/jobs/dead/{dead.id}"
    assert (await fill(browser, f"{path}/replay", reason=" ")).status_code == 422
    done = await fill(browser, f"{path}/replay", reason="网络已恢复")
    assert done.headers["location"] == "/console/jobs?done=replay"
    async with clinic.city.database.read() as read:
        assert dead.id in [one.id for one in await list_waiting(read, "test.kind")]
    assert "网络已恢复" in [one.reason for one in await deeds(clinic, "server.job-replayed")]
    assert (await browser.get(path)).status_code == 404


async def test_a_dead_job_is_given_up_with_a_code(clinic: Any, dead: DeadJob) -> None:
    browser = await clinic.signed_in("system")
    path = f"/console/jobs/dead/{dead.id}/discard"
    assert (await fill(browser, path, reason="不再需要", code="000000")).status_code == 422
    done = await fill(browser, path, reason="不再需要", code=await code_of(clinic, "system"))
    assert done.headers["location"] == "/console/jobs?done=discard"
    assert "不再需要" in [one.reason for one in await deeds(clinic, "server.job-discarded")]


async def test_an_institution_is_checked_entered_found_and_amended_by_one_at_a_time(clinic: Any) -> None:
    browser = await clinic.signed_in("system")
    page = await browser.get("/console/institutions/new")
    district = re.search(r'id="district_code".*?<option value="(\d{6})"', page.text, re.DOTALL)
    assert district
    said = {
        "name": "城东测试医院",
        "class_code": "A100",
        "ownership_code": "1",
        "district_code": district[1],
        "number_kind": "platform",
        "number": "KGATEST77",
    }
    kept = await browser.post("/console/institutions/new", data={"once": once_in(page), **said})
    review = await browser.get(kept.headers["location"])
    assert "城东测试医院" in (await browser.get(f"{kept.headers['location']}&change=1")).text
    assert "城东测试医院" in review.text
    made = await browser.post("/console/institutions/new", data={"once": once_in(review), **said, "checked": "yes"})
    one = made.headers["location"].partition("?")[0]
    for asked in ("城东测试", "kgatest77"):
        listed = await browser.get("/console/institutions", params={"text": asked})
        assert f'href="{one}"' in listed.text
    amend = await browser.get(f"{one}/amend")
    change = said | {"name": "城东第一医院", "version": "1"}
    first = await browser.post(f"{one}/amend", data=change | {"once": once_in(amend)})
    assert first.headers["location"] == f"{one}?done=amended"
    second = await browser.post(f"{one}/amend", data=change | {"once": "1" * 32})
    assert second.status_code == 409
    assert "城东第一医院" in second.text


async def test_the_light_turns_red_when_the_chain_is_broken(clinic: Any) -> None:
    city, browser = clinic.city, await clinic.signed_in("audit")
    heads = audit.HeadFile(heads_file(city.settings))
    sealer = audit.Sealer(city.database, heads)
    await sealer.seal()
    await sealer.export()
    asked = await fill(browser, "/console/audit/verify")
    assert asked.headers["location"] == "/console/audit?done=asked"
    verify = audit.verifying(heads).outside
    assert verify is not None
    await verify(city.database, {})
    page = await browser.get("/console/audit")
    assert "完好：" in page.text
    assert "签名正确" in page.text
    owner = await asyncpg.connect(city.settings.owner_database_url.get_secret_value())
    await owner.execute("UPDATE audit.deeds SET reason = 'changed' WHERE deed = 'access.signed-in'")
    await owner.close()
    await verify(city.database, {})
    broken = await browser.get("/console/audit")
    assert "有问题，请立即处理" in broken.text
    assert "该行内容与封存时不同" in broken.text


async def test_deeds_are_searched_by_what_the_address_says(clinic: Any) -> None:
    holder, browser = await clinic.card_of(83), await clinic.signed_in("audit")
    refused = unescape((await browser.get("/console/audit?outcome=refused")).text)
    assert 'class="label ok">完成' not in refused
    document = resident(83).documents[0]
    number = document.number
    found = await fill(browser, "/console/audit/person", kind=document.kind, number=number, reason="核查投诉")
    assert found.headers["location"] == f"/console/audit?subject={holder.person_id}"
    about = (await browser.get(found.headers["location"])).text
    assert "核查投诉" in about
    assert number not in about
    assert (await browser.get("/console/audit?from=2026-02-02&to=2026-02-01")).status_code == 422
    assert (await browser.get("/console/audit?subject=nobody")).status_code == 422


async def test_a_role_shows_the_pages_and_the_interface_it_really_opens(clinic: Any) -> None:
    page = unescape((await (await clinic.signed_in("security")).get("/console/roles")).text)
    audits = page[page.index('id="audit-administrator"') : page.index('id="institution-administrator"')]
    assert "/api/v1/audit/deeds" in audits
    assert "/api/v1/access/staff" not in audits
    clerk = page[page.index('id="clerk"') : page.index('id="doctor"')]
    assert "/api/v1/cards/verify" in clerk


async def test_the_system_page_tells_build_checks_and_keys(clinic: Any) -> None:
    page = (await (await clinic.signed_in("system")).get("/console/system")).text
    for told in ("people.face", "数据库应答", read_migrations()[-1].name, "healthcloud backup"):
        assert told in page, told
