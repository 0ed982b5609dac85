"""HL7 over TLS: whose certificate is right is heard, everybody else is refused and the log says why."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from gateway.hl7.conftest import Line, hospital_of, said
from gateway.hl7.messages import adt
from structlog.testing import capture_logs

from healthcloud.gateway.hl7.framing import Framer, framed
from healthcloud.gateway.hl7.listening import Listener
from healthcloud.gateway.hl7.reading import read_message
from healthcloud.gateway.hl7.securing import secure
from healthcloud.gateway.hl7.senders import Connection
from healthcloud.server.tls.authority import Pair, make_authority, make_server

NOW = datetime.now(UTC)

pytestmark = pytest.mark.usefixtures("here")  # the code sets hospitals are opened with


@dataclass(frozen=True)
class Files:
    """A certificate and its key as files, as a program is given them."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class Secured:
    """The line's carrier behind TLS, and who may issue certificates to senders."""

    port: int
    city: Pair
    hospitals: Pair
    folder: Path

    def calling(self, files: Files | None) -> ssl.SSLContext:
        """Return how a sender with this certificate calls."""
        context = ssl.create_default_context(cadata=self.city.certificate_pem().decode())
        if files is not None:
            context.load_cert_chain(files.certificate, files.key)
        return context

    async def say(self, message: bytes, files: Files | None) -> bytes:
        """Return what the city answers; empty where it closes, at once or (TLS 1.3) after the sender's first words."""
        try:
            return await say(self.port, message, self.calling(files))
        except (ssl.SSLError, ConnectionError):
            return b""


async def say(port: int, message: bytes, tls: ssl.SSLContext | None) -> bytes:
    async with asyncio.timeout(20):
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=tls, server_hostname="localhost" if tls else None
        )
        try:
            writer.write(framed(message))
            framer, found = Framer(), list[bytes]()
            while not found and (data := await reader.read(65536)):
                found += framer.feed(data)
            return found[0] if found else b""
        finally:
            writer.transport.abort()


def issued(authority: Pair, name: str, *, days: int = 1) -> Pair:
    """Issue a sender's certificate; with negative `days` one that has expired."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(authority.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=9))
        .not_valid_after(NOW + timedelta(days=days))
        .sign(authority.key, hashes.SHA256())
    )
    return Pair(made, key)


def kept(folder: Path, name: str, pair: Pair) -> Files:
    files = Files(folder / f"{name}.pem", folder / f"{name}.key")
    files.certificate.write_bytes(pair.certificate_pem())
    files.key.write_bytes(pair.key_pem())
    return files


@pytest.fixture
async def secured(line: Line, tmp_path: Path) -> AsyncIterator[Secured]:
    city, hospitals = make_authority("city", NOW), make_authority("hospitals", NOW)
    own = kept(tmp_path, "city", make_server(city, ["localhost"], NOW))
    authority = kept(tmp_path, "hospitals", hospitals).certificate
    listener = Listener(line.carrier.answer, line.carrier.refuse)
    port = await listener.open("127.0.0.1", 0, secure(own.certificate, own.key, authority))
    yield Secured(port, city, hospitals, tmp_path)
    await listener.close()


async def test_a_hospital_is_known_by_its_certificate_alone(line: Line, secured: Secured) -> None:
    hospital, other = await hospital_of(line.database), await hospital_of(line.database)
    message = adt("A28", "T1", facility=hospital.number).encode()
    answers = []
    for name in (str(hospital.client_id), str(other.client_id), "nobody"):
        files = kept(secured.folder, name, issued(secured.hospitals, name))
        ack = said(read_message((await secured.say(message, files)).replace(b"MSA|AR||", b"MSA|AR|-|")))
        answers.append((ack[0], ack[2]))
    await line.carrier._placing.settled()
    refused = ("AR", "hl7-sender-not-believed")
    assert answers == [("AA", ""), refused, refused]


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        ("none", "PEER_DID_NOT_RETURN_A_CERTIFICATE"),
        ("expired", "certificate has expired"),
        ("of another authority", "unable to get local issuer certificate"),
    ],
)
async def test_who_shows_no_good_certificate_is_refused_and_the_log_says_why(
    line: Line, secured: Secured, shown: str, why: str
) -> None:
    hospital = await hospital_of(line.database)
    name, stranger = str(hospital.client_id), make_authority("stranger", NOW)
    files = {
        "none": None,
        "expired": kept(secured.folder, "expired", issued(secured.hospitals, name, days=-1)),
        "of another authority": kept(secured.folder, "stranger", issued(stranger, name)),
    }[shown]
    with capture_logs() as logs:
        assert await secured.say(adt("A28", "T2", facility=hospital.number).encode(), files) == b""
    [told] = [one for one in logs if one["event"] == "TLS refused"]
    assert told["why"] == why
    assert name not in str(told)


@pytest.mark.parametrize("plain", [framed(b"MSH|^~\\&|HIS|K|||||ADT^A01|C9|P|2.4\r"), b"GET / HTTP/1.1\r\n\r\n"])
async def test_plain_text_is_closed_at_once_unread_and_the_listener_goes_on(
    line: Line, secured: Secured, plain: bytes
) -> None:
    before = len(line.kept)
    with capture_logs() as logs:
        reader, writer = await asyncio.open_connection("127.0.0.1", secured.port)
        writer.write(plain)
        try:
            answer = await asyncio.wait_for(reader.read(), 20)
        except ConnectionResetError:
            answer = b""
        writer.close()
    assert b"MSA" not in answer
    assert [one["reason"] for one in logs if one["event"] == "TLS refused"] == ["handshake"]
    assert len(line.kept) == before
    hospital = await hospital_of(line.database)
    files = kept(secured.folder, "next", issued(secured.hospitals, str(hospital.client_id)))
    ack = await secured.say(adt("A28", "T3", facility=hospital.number).encode(), files)
    assert said(read_message(ack))[0] == "AA"
    await line.carrier._placing.settled()


def test_the_log_says_why_on_the_loop_workers_run_too(tmp_path: Path) -> None:
    city, hospitals = make_authority("city", NOW), make_authority("hospitals", NOW)
    own = kept(tmp_path, "city", make_server(city, ["localhost"], NOW))
    authority = kept(tmp_path, "hospitals", hospitals).certificate

    async def answer(message: bytes, _: Connection) -> bytes:
        return message

    async def call() -> list[bytes]:
        listener = Listener(answer, lambda head, _: head)
        port = await listener.open("127.0.0.1", 0, secure(own.certificate, own.key, authority))
        secured = Secured(port, city, hospitals, tmp_path)
        good, expired = (kept(tmp_path, str(days), issued(hospitals, "HIS", days=days)) for days in (1, -1))
        answers = [await secured.say(b"MSH|1", files) for files in (good, expired)]
        await listener.close()
        return answers

    with capture_logs() as logs, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(call()) == [b"MSH|1", b""]
    assert [(one["event"], one["why"]) for one in logs] == [("TLS refused", "certificate has expired")]


async def test_a_new_certificate_of_the_city_is_shown_while_old_connections_are_answered(tmp_path: Path) -> None:
    """A renewed worker listens beside the old one, which answers what came whole and closes."""
    begun, going_on = asyncio.Event(), asyncio.Event()

    async def slow(message: bytes, _: Connection) -> bytes:
        begun.set()
        await going_on.wait()
        return b"old " + message

    async def at_once(message: bytes, _: Connection) -> bytes:
        return b"new " + message

    old_city, new_city = make_authority("old", NOW), make_authority("new", NOW)
    trusting = [ssl.create_default_context(cadata=one.certificate_pem().decode()) for one in (old_city, new_city)]
    was, will = (
        kept(tmp_path, n, make_server(c, ["localhost"], NOW)) for n, c in (("old", old_city), ("new", new_city))
    )
    old, new = Listener(slow, lambda head, _: head), Listener(at_once, lambda head, _: head)
    port = await old.open("127.0.0.1", 0, secure(was.certificate, was.key, None))
    waiting = asyncio.create_task(say(port, b"MSH|1", trusting[0]))
    await asyncio.wait_for(begun.wait(), 20)
    assert await new.open("127.0.0.1", port, secure(will.certificate, will.key, None)) == port
    closing = asyncio.create_task(old.close())
    await asyncio.sleep(0)
    assert await say(port, b"MSH|2", trusting[1]) == b"new MSH|2"
    with pytest.raises(ssl.SSLCertVerificationError):
        await say(port, b"MSH|3", trusting[0])
    going_on.set()
    assert await waiting == b"old MSH|1"
    await closing
    await new.close()
