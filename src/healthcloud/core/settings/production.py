"""What a process holding real persons' data refuses to start with."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from healthcloud.core.settings.model import Settings

# OWASP's least cost of Argon2id with one lane.
LEAST_MEMORY_KIB = 19456
LEAST_PASSES = 2


def production_faults(settings: Settings) -> list[str]:
    """Return one sentence per setting that production refuses; none outside production."""
    if not settings.production:
        return []
    return [*_own_faults(settings), *_partner_faults(settings)]


def _own_faults(settings: Settings) -> list[str]:
    faults = []
    if settings.keys_file is None:
        faults.append("HEALTHCLOUD_KEYS_FILE is not set: development keys are refused in production.")
    if not settings.shedding:
        faults.append("HEALTHCLOUD_SHEDDING is off: a surge would take the whole city with it.")
    if settings.clock_offset_seconds:
        faults.append("HEALTHCLOUD_CLOCK_OFFSET_SECONDS is set: the clock may not be moved in production.")
    if settings.sandbox:
        faults.append("HEALTHCLOUD_SANDBOX is set: a sandbox has invented people only and asks nobody who he is.")
    if urlsplit(settings.public_url).scheme != "https":
        faults.append("HEALTHCLOUD_PUBLIC_URL is not https: sign-in would travel unprotected.")
    if settings.tls and settings.tls_certificate_file is None:
        faults.append("HEALTHCLOUD_TLS is set without HEALTHCLOUD_TLS_CERTIFICATE_FILE: that is for trying.")
    if settings.database_url is not None and settings.owner_database_url is None:
        faults.append("HEALTHCLOUD_OWNER_DATABASE_URL is not set: migrations need the owner role.")
    if settings.audit_heads_file is None:
        faults.append("HEALTHCLOUD_AUDIT_HEADS_FILE is not set: signed heads belong outside the data folder.")
    if settings.password_memory_kib < LEAST_MEMORY_KIB or settings.password_passes < LEAST_PASSES:
        faults.append("HEALTHCLOUD_PASSWORD_MEMORY_KIB or _PASSES is too low: stolen hashes would be guessed.")
    return faults


def _partner_faults(settings: Settings) -> list[str]:
    partners = {
        "SMS": (settings.sms_url, settings.sms_key),
        "REGISTRY": (settings.registry_url, settings.registry_key),
    }
    faults = []
    for name, (url, key) in partners.items():
        if url is None:
            faults.append(f"HEALTHCLOUD_{name}_URL is not set: production needs the real system.")
            continue
        if is_simulator(url, settings.simulators):
            faults.append(f"HEALTHCLOUD_{name}_URL is a simulator: refused in production.")
        if urlsplit(url).scheme != "https":
            faults.append(f"HEALTHCLOUD_{name}_URL is not https.")
        if key is None or not key.get_secret_value():
            faults.append(f"HEALTHCLOUD_{name}_KEY is not set.")
    return faults + _province_faults(settings)


def _province_faults(settings: Settings) -> list[str]:
    """A city may have no province yet; its keys are institutions' own, in the database."""
    url = settings.province_url
    if url is None:
        return []
    faults = []
    if is_simulator(url, settings.simulators):
        faults.append("HEALTHCLOUD_PROVINCE_URL is a simulator: refused in production.")
    if urlsplit(url).scheme != "https":
        faults.append("HEALTHCLOUD_PROVINCE_URL is not https.")
    return faults


def is_simulator(url: str, declared: list[str]) -> bool:
    """Tell whether this address is a declared simulator's, or this machine's own: no real partner lives on it."""
    host = (urlsplit(url).hostname or "").lower()
    if any(url.startswith(known) for known in declared) or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
