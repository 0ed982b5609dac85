"""What the browser makes and what Python reads, of the same format: dynamic codes, EHC1 codes, and their pictures."""

import random
from typing import Any

import pytest
import zxingcpp
from fixtures.browser import Visit
from playwright.async_api import Page

from healthcloud_reader import (
    Certificate,
    DeviceCode,
    DynamicCode,
    PublicKey,
    b45encode,
    certificate_message,
    check_device,
    key_proof_message,
    make_token,
    masters_of,
    parse,
    slot_secrets,
)
from healthcloud_reader.jws import from_base64url, to_base64url
from healthcloud_reader.keys import Algorithm as SigningAlgorithm

CARD = bytes(range(32))
STEP = 29_000_000
PERIOD = STEP // 43_200
QUIET = 4
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


@pytest.fixture
async def page(visitor: Visit) -> Page:
    """A page of ours, whose scripts are asked by a debugger."""
    page = await visitor(390)
    await page.goto("/device-check")
    return page


async def rows_of(page: Page, texts: list[tuple[str, str]]) -> list[list[str]]:
    found: list[list[str]] = await page.evaluate(
        """async (texts) => {
          const { modulesOf } = await import("/static/resident/qr.js");
          const bits = (row) => row.map((dark) => (dark ? "1" : "0")).join("");
          return texts.map(([text, level]) => modulesOf(text, level).map(bits));
        }""",
        texts,
    )
    return found


def picture(rows: list[str], scale: int = 3, blot: float = 0.0) -> memoryview:
    """Paint modules with their quiet zone, `blot` of the symbol's area white around its middle."""
    side, count = (len(rows) + 2 * QUIET) * scale, len(rows)
    places = [(x, y) for x in range(count) for y in range(count)]
    places.sort(key=lambda place: sum((2 * at - count + 1) ** 2 for at in place))
    white = set(places[: int(blot * count * count)])
    painted = bytearray(b"\xff" * side * side)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark == "1" and (x, y) not in white:
                for line in range(scale):
                    start = ((y + QUIET) * scale + line) * side + (x + QUIET) * scale
                    painted[start : start + scale] = bytes(scale)
    return memoryview(painted).cast("B", (side, side))


async def test_every_length_is_drawn_as_it_is_read(page: Page) -> None:
    chance = random.Random(45)  # noqa: S311 - the same every time is the point
    texts = [("".join(chance.choices(LETTERS, k=length)), level) for level in "MQH" for length in range(1, 440, 29)]
    for (text, level), rows in zip(texts, await rows_of(page, texts), strict=True):
        read = zxingcpp.read_barcode(picture(rows))
        assert read is not None, (level, len(text))
        assert (read.text, read.ec_level) == (text, level)


async def test_a_code_for_readers_without_a_network_bears_a_blot(page: Page) -> None:
    chance = random.Random(13)  # noqa: S311 - as above
    text = "EHC1:" + b45encode(chance.randbytes(96 + 64 + 4 + 64))
    [rows] = await rows_of(page, [(text, "Q")])
    assert len(rows) == 4 * 13 + 17
    read = zxingcpp.read_barcode(picture(rows, blot=0.15))
    assert read is not None
    assert read.text == text
    assert zxingcpp.read_barcode(picture(rows, blot=0.3)) is None


async def test_a_dynamic_code_of_the_browser_is_pythons(page: Page) -> None:
    derive = masters_of(b"\x01" * 32)
    secrets = {period: slot_secrets(derive, CARD, 7, 513, period)[0] for period in (PERIOD, PERIOD + 1)}
    steps = [STEP, (PERIOD + 1) * 43_200 - 1, (PERIOD + 1) * 43_200, (PERIOD + 2) * 43_200, (PERIOD + 3) * 43_200]
    made = await page.evaluate(
        """async ([card, secrets, steps]) => {
          const { dynamicCode, importSecret } = await import("/static/resident/phone_codes.js");
          const imported = async ([period, secret]) => ({ period, key: await importSecret(secret) });
          const kept = await Promise.all(secrets.map(imported));
          return Promise.all(steps.map((step) => dynamicCode({ card, slot: 7, epoch: 513, secrets: kept }, step)));
        }""",
        [CARD.hex().upper(), [[period, secret.hex()] for period, secret in secrets.items()], steps],
    )
    for step, text in zip(steps[:-1], made[:-1], strict=True):
        secret = secrets.get(step // 43_200, secrets[PERIOD + 1])
        assert text == DynamicCode(CARD, make_token(secret, CARD, 7, 513, step)).text
    assert made[-1] is None  # a secret serves its period and the next


async def test_a_phone_signs_what_a_reader_believes(page: Page, clinic: Any) -> None:
    vault = clinic.city.database.vault
    phone = "0198c2f0-0000-7000-8000-0123456789ab"
    point, proof = await page.evaluate(
        """async (phone) => {
          const codes = await import("/static/resident/phone_codes.js");
          const { privateKey, publicKey } = (globalThis.pair = await codes.makeKeys());
          const proof = await codes.proofOf(privateKey, phone, 30000000);
          return [codes.base64url(await codes.pointOf(publicKey)), codes.base64url(proof)];
        }""",
        phone,
    )
    key = PublicKey(SigningAlgorithm.P256_SHA256, from_base64url(point))
    assert key.verifier()(key_proof_message(bytes.fromhex(phone.replace("-", "")), 30_000_000), from_base64url(proof))
    [city, *_] = vault.trust_list("cards.city-signature")
    certificate = Certificate(
        city.public.algorithm, city.public.id, CARD, 7, 513, key.compressed(), 29_000_000, 10_080, 3, 1, 1900, "张*兰"
    )
    signed = vault.sign("cards.city-signature", certificate_message(certificate.body()))
    made = await page.evaluate(
        """async ([certificate, step]) => {
          const codes = await import("/static/resident/phone_codes.js");
          const bytes = codes.bytesOf64(certificate);
          const certified = { key: globalThis.pair.privateKey, bytes, expires: (step + 1) * 60000 };
          return [await codes.deviceCode(certified, step), await codes.deviceCode(certified, step + 1)];
        }""",
        [to_base64url(certificate.encode(signed.value)), STEP],
    )
    code = parse(made[0])
    assert isinstance(code, DeviceCode)
    assert (code.signed.certificate, code.step) == (certificate, STEP)
    assert check_device(code, {city.public.id: city.public}) is None
    assert made[1] is None  # once the certificate is over
