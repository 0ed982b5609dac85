"""Clients that nobody here wrote: fhirpy by a test's header, fhirclient by the signed requests of an institution."""

import asyncio
from urllib.parse import urlsplit

import pytest
from cards.scanning import Hospital
from conformance.city import Whole
from fhirclient.client import FHIRClient
from fhirclient.models.bundle import Bundle
from fhirclient.models.patient import Patient
from fhirclient.server import FHIRNotFoundException
from fhirpy import AsyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound
from fixtures.fhir_desk import SCOPES, Desk
from people.makers import next_name, next_number
from requests import PreparedRequest
from requests.auth import AuthBase

from healthcloud import access
from healthcloud.core.ids import new_id
from healthcloud.fhir.systems import RESIDENT, urn


class Signed(AuthBase):
    """Signs each request as an institution's program does: all that a FHIR client needs to be taught."""

    def __init__(self, hospital: Hospital) -> None:
        self._hospital = hospital

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        url = urlsplit(str(request.url))
        target = f"{url.path}?{url.query}" if url.query else url.path
        sent = request.body or b""
        assert isinstance(sent, str | bytes)
        body = sent.encode() if isinstance(sent, str) else sent
        here = self._hospital
        signature = access.sign_request(here.key_id, here.secret, str(request.method), target, body)
        request.headers["Authorization"] = signature
        return request


async def test_fhirpy_makes_finds_changes_and_matches(desk: Desk) -> None:
    client = AsyncFHIRClient(f"{desk.city.url}/fhir", extra_headers=desk.headers)
    name, number = next_name(), next_number()
    patient = client.resource("Patient", **desk.patient("F-1", name, number))
    await patient.save()
    assert patient["meta"]["versionId"] == "1"
    found = client.resources("Patient").search(identifier=f"{desk.system}|F-1")
    assert [one.id for one in await found.fetch_all()] == [patient.id]
    assert await found.count() == 1
    first = await found.first()
    assert first is not None
    assert first.id == patient.id
    patient["telecom"] = [{"system": "phone", "value": "13900002222"}]
    await patient.save()
    assert patient["meta"]["versionId"] == "2"
    again, created = await found.get_or_create(client.resource("Patient", **desk.patient("F-1", name, number)))
    assert (again.id, created) == (patient.id, False)
    parameters = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": dict(patient)}]}
    bundle = await client.execute("Patient/$match", method="POST", data=parameters)
    assert bundle["entry"][0]["search"]["score"] > 0.99
    pix = await client.execute("Patient/$ihe-pix", method="GET", params={"sourceIdentifier": f"{desk.system}|F-1"})
    assert pix["resourceType"] == "Parameters"


async def test_fhirpy_reads_what_is_refused(desk: Desk) -> None:
    client = AsyncFHIRClient(f"{desk.city.url}/fhir", extra_headers=desk.headers)
    with pytest.raises(ResourceNotFound):
        await client.get("Patient", str(new_id()))
    with pytest.raises(OperationOutcome) as caught:
        await client.resources("Patient").search(name__contains="王").fetch()
    assert "identifier" in str(caught.value)
    with pytest.raises(OperationOutcome):
        await client.resource("Patient", name=[{"text": next_name()}]).save()


async def test_fhirclient_works_by_signed_requests(city: Whole) -> None:
    hospital = await city.town.hospital(*SCOPES)
    name, number = next_name(), next_number()

    def day() -> tuple[str, str, list[str]]:
        client = FHIRClient(settings={"app_id": "his", "api_base": f"{city.url}/fhir"})
        client.server.session.trust_env = False
        client.server.session.auth = Signed(hospital)
        assert client.prepare()
        patient = Patient(
            {
                "resourceType": "Patient",
                "identifier": [{"system": urn(hospital.id), "value": "C-1"}, {"system": RESIDENT, "value": number}],
                "name": [{"family": name[:1], "given": [name[1:]]}],
                "gender": "unknown",
            }
        )
        made = patient.create(client.server)
        found = list(Patient.where({"identifier": f"{urn(hospital.id)}|C-1"}).perform_resources_iter(client.server))
        read = Patient.read(made["id"], client.server)
        read.telecom = None
        read.update(client.server)
        batch = Bundle({"resourceType": "Bundle", "type": "batch", "entry": [
            {"request": {"method": "GET", "url": f"Patient/{made['id']}"}},
        ]})  # fmt: skip
        told = client.server.post_json("./", batch.as_json()).json()
        with pytest.raises(FHIRNotFoundException):
            Patient.read(str(new_id()), client.server)
        return made["id"], str(read.name[0].text), [found[0].id, told["entry"][0]["resource"]["id"]]

    made, shown, ids = await asyncio.to_thread(day)
    assert shown == name
    assert ids == [made, made]
