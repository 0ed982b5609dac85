"""
A certificate authority for this machine alone: RFC 5280 certificates on P-256.

Somebody trusts it in a browser, and its key is a file; so the authority itself says (name constraints, RFC 5280 section
4.2.1.10) that it speaks for this machine and private networks only. Whoever steals the key cannot play a bank.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import ClassVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from healthcloud.core.errors import Problem, WhoActs

AUTHORITY_DAYS, SERVER_DAYS = 3650, 397  # browsers take no server's certificate that is good for longer
RENEW_DAYS = 30
_SKEW = timedelta(hours=1)
_NETWORKS = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "::1/128", "fc00::/7")
_LONGEST_NAME = 64  # of a common name, RFC 5280 appendix A.1


class NotALocalName(Problem):
    """The local authority speaks for this machine and private networks only; give a public name certificate files."""

    code = "not-a-local-name"
    zh = "本机证书颁发机构只为本机和内网地址签发证书；公网域名请设置自己的证书文件。"
    who_acts: ClassVar[WhoActs] = "administrator"


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def read(cls, certificate: bytes, key: bytes) -> "Pair":
        """Read both from PEM; raise ValueError or TypeError."""
        loaded = serialization.load_pem_private_key(key, None)
        if not isinstance(loaded, ec.EllipticCurvePrivateKey):
            raise TypeError(type(loaded))
        return cls(x509.load_pem_x509_certificate(certificate), loaded)

    def certificate_pem(self) -> bytes:
        """Return the certificate."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key_pem(self) -> bytes:
        """Return the key, unencrypted."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def lasts(self, now: datetime) -> bool:
        """Tell whether it is good for a while yet."""
        good_from, good_until = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        return good_from <= now < good_until - timedelta(days=RENEW_DAYS)


def make_authority(machine: str, now: datetime) -> Pair:
    """Make an authority for the machine of this name."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = [x509.DNSName(name) for name in dict.fromkeys(("localhost", "local", machine))]
    subject = _named(f"Health Cloud local authority, {machine}")
    made = (
        _begun(subject, subject, key, now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(
            x509.NameConstraints([*names, *(x509.IPAddress(ip_network(one)) for one in _NETWORKS)], None), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    return Pair(made, key)


def make_server(authority: Pair, names: Sequence[str], now: datetime) -> Pair:
    """Make a server's certificate for names and addresses the authority may speak for; raise NotALocalName."""
    refused = [name for name in names if not speaks_for(authority, name)]
    if refused:
        raise NotALocalName(names=", ".join(refused))
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        _begun(_named(names[0]), authority.certificate.subject, key, now, SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    return Pair(made, key)


def speaks_for(authority: Pair, name: str) -> bool:
    """Tell whether the authority's own constraints let it vouch for a name or address."""
    constraints = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    wanted = _general(name)
    return any(_covers(one, wanted) for one in constraints.permitted_subtrees or ())


def names_of(server: Pair) -> list[str]:
    """Return what a server's certificate is for."""
    names = server.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(one.value) for one in names]


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now - _SKEW + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _covers(permitted: x509.GeneralName, wanted: x509.GeneralName) -> bool:
    if isinstance(permitted, x509.DNSName) and isinstance(wanted, x509.DNSName):
        return f".{wanted.value}".endswith(f".{permitted.value}")
    if not isinstance(permitted, x509.IPAddress) or not isinstance(wanted, x509.IPAddress):
        return False
    network, address = permitted.value, wanted.value
    if isinstance(network, IPv4Network | IPv6Network) and isinstance(address, IPv4Address | IPv6Address):
        return address in network
    return False


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:_LONGEST_NAME])])


def _general(name: str) -> x509.GeneralName:
    address = _address(name)
    return x509.DNSName(name) if address is None else x509.IPAddress(address)


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None
