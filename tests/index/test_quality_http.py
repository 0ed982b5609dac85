"""Quality over HTTP: who may look at whose measures, and the way of a sample."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from fixtures.http import calling
from index.records.hospitals import hand_in_one, hospital, patient

from healthcloud import index
from healthcloud.core.caller import GUEST, Caller, CallerKind, Credentials
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.core.settings import Settings
from healthcloud.index import quality
from healthcloud.server.app import create_app

PATH = "/api/v1/index/quality"
REVIEWER = {"X-Scope": "index.review"}


class Staff:
    """`X-Scope: <scope>` is somebody with that scope, `X-At: <institution>` of that institution."""

    async def authenticate(self, credentials: Credentials) -> Caller:
        scope, at = credentials.headers.get("x-scope"), credentials.headers.get("x-at")
        if scope is None:
            return GUEST
        return Caller(CallerKind.STAFF, new_id(), frozenset({scope}), institution_id=UUID(at) if at else None)


@pytest.fixture(scope="module")
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(), database, Staff(), api=index.ROUTERS, root=())
    async with calling(app) as client:
        yield client


async def test_measures_are_for_staff_of_the_city_and_their_own_institution(
    client: httpx.AsyncClient, database: Database
) -> None:
    caller = hospital()
    await hand_in_one(database, caller, patient())
    await database.transact(quality.count)
    ours = str(caller.institution_id)

    city = await client.get(PATH, headers=REVIEWER)
    own = await client.get(PATH, headers={"X-Scope": "index.import", "X-At": ours})
    another = await client.get(
        PATH, params={"institution_id": str(new_id())}, headers={"X-Scope": "index.import", "X-At": ours}
    )
    listed = await client.get(f"{PATH}/institutions", headers=REVIEWER)

    assert city.status_code == 200, city.text
    assert (own.json()["institution_id"], own.json()["records"]) == (ours, {"placed": 1})
    assert another.json()["code"] == "index-not-your-institution"
    assert ours in {one["institution_id"] for one in listed.json()}
    assert (await client.get(PATH)).status_code == 401
    assert (await client.get(PATH, headers={"X-Scope": "people.open"})).status_code == 403


async def test_a_sample_is_opened_and_judged_once(client: httpx.AsyncClient, database: Database) -> None:
    written = patient()
    await hand_in_one(database, hospital(), written)
    await hand_in_one(database, hospital(), written)
    await database.transact(lambda tx: quality.count(tx, 65_536))

    opened = await client.post(f"{PATH}/samples/next", headers=REVIEWER)
    sample = opened.json()["sample"]
    path = f"{PATH}/samples/{sample['record']['id']}/judge"
    judged = await client.post(path, json={"verdict": "same"}, headers=REVIEWER)
    again = await client.post(path, json={"verdict": "same"}, headers=REVIEWER)

    assert sample["record"]["id"] != sample["other"]["id"]
    assert {one["field"] for one in sample["parts"]} >= {"name", "number"}
    assert judged.status_code == 204, judged.text
    assert (again.status_code, again.json()["code"]) == (404, "index-sample-not-found")
    assert (await client.post(f"{PATH}/samples/next", headers={"X-Scope": "index.import"})).status_code == 403
