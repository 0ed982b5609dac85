"""Where the demonstration's city and its simulators listen: one port for the city, the next ones for simulators."""

import os
from dataclasses import dataclass
from ipaddress import ip_address

import msgspec

from healthcloud.core.settings import Settings
from healthcloud.server.demonstration.ledger import Ledger
from healthcloud.server.processes.listener import open_listener
from healthcloud.server.processes.programs import tethered
from healthcloud.server.processes.supervisor import Role
from healthcloud.server.tls import tls_files

# From the city's port: 8000 has its simulators at 8091, 8092, 8093 and 8096.
SMS, REGISTRY, AUTHENTICATOR, PROVINCE = 91, 92, 93, 96
KEY_VARIABLE = "HEALTHCLOUD_SIMULATOR_KEY"
DEFAULT_KEY = "simulator-only"
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Base URLs; and the certificate file of the local authority that vouches for the city's, if one does."""

    city: str
    sms: str
    registry: str
    authenticator: str
    authority: str | None = None
    province: str = ""

    @classmethod
    def of(cls, settings: Settings) -> "Addresses":
        """Return them for a city that listens where these settings say."""
        base = f"http://{_host(settings)}"
        files = tls_files(settings)
        authority = None if files is None or files.authority is None else str(files.authority.absolute())
        ports = (SMS, REGISTRY, AUTHENTICATOR, PROVINCE)
        sms, registry, authenticator, province = (f"{base}:{settings.port + n}" for n in ports)
        return cls(settings.public_url, sms, registry, authenticator, authority, province)

    def environment(self) -> dict[str, str]:
        """Return the settings by which the city finds its simulators and knows them for what they are."""
        simulators = msgspec.json.encode([self.sms, self.registry, self.province]).decode()
        key = os.environ.get(KEY_VARIABLE, DEFAULT_KEY)
        return {
            "HEALTHCLOUD_SMS_URL": self.sms,
            "HEALTHCLOUD_SMS_KEY": key,
            "HEALTHCLOUD_REGISTRY_URL": self.registry,
            "HEALTHCLOUD_REGISTRY_KEY": key,
            "HEALTHCLOUD_PROVINCE_URL": self.province,
            "HEALTHCLOUD_SIMULATORS": simulators,
        }


def read_addresses(ledger: Ledger) -> Addresses | None:
    """Return where the demonstration that was started last listens; None before the first."""
    path = ledger.addresses_file
    return msgspec.json.decode(path.read_bytes(), type=Addresses) if path.exists() else None


def simulators(settings: Settings, ledger: Ledger) -> list[Role]:
    """Return the simulators as children of the city's parent; they end with it, and after the city."""
    files = {
        "sms": (SMS, ledger.sms_file),
        "registry": (REGISTRY, ledger.registry_file),
        "authenticator": (AUTHENTICATOR, ledger.staff_file),
        "province": (PROVINCE, ledger.folder / "province.jsonl"),
    }
    where = ("--host", _host(settings), "--port")
    return [
        Role(
            f"{name}-simulator",
            tethered("healthcloud_simulators", name, *where, str(settings.port + offset), "--file", str(file)),
            last=True,
        )
        for name, (offset, file) in files.items()
    ]


def must_be_free(settings: Settings) -> None:
    """Raise PortTaken where somebody else listens on a simulator's port."""
    for offset in (SMS, REGISTRY, AUTHENTICATOR, PROVINCE):
        open_listener(_host(settings), settings.port + offset).close()


def _host(settings: Settings) -> str:
    """Return the loopback address even where the city listens to the world: simulators are for this machine alone."""
    try:
        return settings.host if ip_address(settings.host).is_loopback else _LOOPBACK
    except ValueError:
        return _LOOPBACK
