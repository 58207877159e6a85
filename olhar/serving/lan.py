"""A class in one network: this machine's address there, a token that can be typed, and a certificate made for the hour.

Phones give a page their camera over https only, and no authority certifies an address of a private network. So the server makes a
certificate of its own, of which browsers warn once; it lies in a folder that only this user can read, and goes with the server.
"""

import ipaddress
import secrets
import socket
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from olhar.base.errors import ServingError
from olhar.base.extras import need

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody takes for another: no i, l, o, 0, 1."""
_GROUPS, _GROUP = 3, 4
_FAR = "192.0.2.1"
"""An address of no machine (RFC 5737): a socket that would send there tells our own address, and sends nothing."""
_DAYS = 7


def address() -> str:
    """This machine's address in its network.

    Raises:
        ServingError: it is in none.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect((_FAR, 9))
            found = str(sock.getsockname()[0])
        except OSError as error:
            raise ServingError("serve.no_network") from error
    if ipaddress.ip_address(found).is_loopback or ipaddress.ip_address(found).is_unspecified:
        raise ServingError("serve.no_network")
    return found


def new_token() -> str:
    """A token for an hour's class: twelve letters in groups, one of 31 to the power of 12."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


@contextmanager
def own_certificate(host: str) -> Generator[tuple[str, str]]:
    """The files of a certificate for an address and of its key, as long as the block lasts.

    Raises:
        ExtraError: cryptography is not installed.
    """
    need("lan", "serve --lan")
    with tempfile.TemporaryDirectory(prefix="olhar-") as folder:
        certificate, key = Path(folder) / "certificate.pem", Path(folder) / "key.pem"
        made = _pem(host)
        for file, content in zip((certificate, key), made, strict=True):
            file.touch(mode=0o600)
            file.write_bytes(content)
        yield str(certificate), str(key)


def qr_code(url: str) -> str:
    """An address as a QR code for the terminal, a line of half blocks for two rows.

    Raises:
        ExtraError: segno is not installed.
    """
    need("lan", "serve --lan")
    import io

    import segno

    out = io.StringIO()
    segno.make_qr(url, error="l").terminal(out, compact=True)
    return out.getvalue()


def _pem(host: str) -> tuple[bytes, bytes]:
    """A self-signed certificate and its key (P-256), as PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Olhar {host}")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host)), x509.DNSName("localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return certificate.public_bytes(serialization.Encoding.PEM), private
