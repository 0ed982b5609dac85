"""
Write tests/reader/vectors/codes.json anew: `PYTHONPATH=tests python -m reader.write_codes`.

Keys are fixed and P-256 signatures deterministic; those of SM2 differ each time, so the file is kept.
"""

import json
from pathlib import Path

from reader.phones import NOW, CityKey, Phone, city_key, code_of, phone

from healthcloud_reader import DeviceCode, SignedCertificate, b45decode, b45encode, certificate_message, device_message
from healthcloud_reader.keys import Algorithm

PATH = Path(__file__).parent / "vectors" / "codes.json"
ABOUT = (
    "Device-signed codes of the electronic health card; docs/reference/offline-format.md lays them out. Integers are "
    "big-endian, bytes hexadecimal. `check` is what a reader finds that trusts the three keys, without looking at the "
    "time: genuine, or its reason; a text that cannot be read has `unreadable` instead. `live` tells whether the "
    "certificate is live in the step. Private keys are public here: never use them."
)
ALGORITHMS = (Algorithm.SM2_SM3, Algorithm.P256_SHA256, Algorithm.ED25519)


def parts(code: DeviceCode) -> dict[str, object]:
    stated, body = code.signed.certificate, code.signed.certificate.body()
    return {
        "fields": {
            "algorithm": stated.algorithm.value,
            "city_key": stated.city_key,
            "card_id": stated.card_id.hex(),
            "slot": stated.slot,
            "epoch": stated.epoch,
            "phone_key": stated.phone_key.hex(),
            "issued": stated.issued,
            "lifetime": stated.lifetime,
            "level": stated.level,
            "sex": stated.sex,
            "birth_year": stated.birth_year,
            "name": stated.name,
        },
        "body": body.hex(),
        "certificate_message": certificate_message(body).hex(),
        "city_signature": code.signed.signature.hex(),
        "step": code.step,
        "device_message": device_message(body, code.step).hex(),
        "device_signature": code.signature.hex(),
        "live": stated.live_at(code.step),
    }


def genuine(city: CityKey, holder: Phone) -> list[dict[str, object]]:
    named = city.public.algorithm.value
    codes = {
        f"a code under the city's {named} key": code_of(city, holder),
        f"the same phone a minute later ({named})": code_of(city, holder, NOW + 1),
        f"the last minute of a certificate ({named})": code_of(city, holder, issued=NOW - 10079),
        f"an expired certificate ({named})": code_of(city, holder, issued=NOW - 10080),
        f"a certificate five minutes ahead, as clocks differ ({named})": code_of(city, holder, issued=NOW + 5),
        f"a certificate of the future ({named})": code_of(city, holder, issued=NOW + 6),
        f"the longest name ({named})": code_of(city, holder, name="欧" * 12, sex=0, birth_year=1900, slot=254),
    }
    return [{"what": what, "text": code.text, "check": "genuine", **parts(code)} for what, code in codes.items()]


def refused(city: CityKey, holder: Phone) -> list[dict[str, object]]:
    good = code_of(city, holder)
    stranger = CityKey(city.public, city_key(city.public.algorithm, seed=99).sign)
    unlisted = city_key(city.public.algorithm, seed=98)
    other = code_of(city, holder, NOW + 1)
    spoiled = bytes([good.signed.signature[0] ^ 1]) + good.signed.signature[1:]
    codes = {
        ("signed by another city", "city-signature"): code_of(stranger, holder),
        ("a bit of the city's signature changed", "city-signature"): good._replace(
            signed=SignedCertificate(good.signed.certificate, spoiled)
        ),
        ("under a key no list has", "city-key"): code_of(unlisted, holder),
        ("signed by another phone", "device-signature"): code_of(city, holder, phone_key=phone(12).point),
        ("the step changed after signing", "device-signature"): good._replace(step=NOW + 1),
        ("the signature of another step", "device-signature"): good._replace(signature=other.signature),
        ("a phone's key that is no point", "device-key"): code_of(city, holder, phone_key=b"\2" + b"\xff" * 32),
    }
    named = city.public.algorithm.value
    return [
        {"what": f"{what} ({named})", "text": code.text, "check": check, **parts(code)}
        for (what, check), code in codes.items()
    ]


def unreadable(code: DeviceCode) -> list[dict[str, object]]:
    raw, text = b45decode(code.text[5:]), code.text
    texts = {
        ("the last group lost", "device-length"): text[:-3],
        ("the last character lost", "device-text"): text[:-1],
        ("a byte too many", "device-length"): "EHC1:" + b45encode(raw + b"\0"),
        ("nothing after the prefix", "device-length"): "EHC1:",
        ("a character base45 has not", "device-text"): text[:40] + "_" + text[41:],
        ("a group above two bytes", "device-text"): "EHC1:" + ":::" + text[8:],
        ("a newer version", "device-version"): "EHC1:" + b45encode(b"\2" + raw[1:]),
        ("an unknown algorithm", "device-content"): "EHC1:" + b45encode(raw[:1] + b"\4" + raw[2:]),
        ("slot 0 is no phone's", "device-content"): "EHC1:" + b45encode(raw[:42] + b"\0" + raw[43:]),
        ("a lifetime above seven days", "device-content"): "EHC1:" + b45encode(raw[:82] + b"\xff\xff" + raw[84:]),
        ("an uncompressed phone key", "device-content"): "EHC1:" + b45encode(raw[:45] + b"\4" + raw[46:]),
        ("a name that is no UTF-8", "device-content"): "EHC1:" + b45encode(raw[:89] + b"\xff" + raw[90:]),
        ("the European certificate", "eu-certificate"): text[1:],
    }
    return [{"what": what, "text": spoiled, "unreadable": reason} for (what, reason), spoiled in texts.items()]


def written() -> dict[str, object]:
    holder = phone()
    cities = [city_key(algorithm) for algorithm in ALGORITHMS]
    codes = [one for city in cities for one in (*genuine(city, holder), *refused(city, holder))]
    return {
        "about": ABOUT,
        "cities": [
            {
                "algorithm": city.public.algorithm.value,
                "id": city.public.id,
                "public": city.public.value.hex(),
                "private": f"{7:064x}",
            }
            for city in cities
        ],
        "phone": {"private": f"{11:064x}", "public": holder.point.hex()},
        "codes": codes + unreadable(code_of(cities[1], holder)),
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(written(), ensure_ascii=False, indent=1) + "\n")
