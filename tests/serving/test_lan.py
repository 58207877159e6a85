"""A class in one network: certificate, token, QR code."""

import ssl
import stat
import sys
from pathlib import Path

import httpx
import pytest

from olhar.base.errors import ExtraError, ServingError
from olhar.base.extras import is_there
from olhar.base.texts import speaking
from olhar.serving.lan import new_token, own_certificate, qr_code
from olhar.serving.server import check_certificate
from olhar.serving.settings import Settings
from tests.serving.kit import picture

LIBRARIES = pytest.mark.skipif(not is_there("lan"), reason="the extra [lan] is not installed")


@LIBRARIES
def test_a_server_with_its_own_certificate_answers_by_https_alone(start):
    with own_certificate("127.0.0.1") as (certificate, key):
        server = start(tls_cert=certificate, tls_key=key)
        trusting = ssl.create_default_context(cafile=certificate)
        assert server.url.startswith("https://127.0.0.1:")
        got = httpx.post(f"{server.url}predict", content=picture("blue"), headers={"Origin": server.url[:-1]}, verify=trusting)
        assert got.json()["class"] == "blue"
        with pytest.raises(httpx.HTTPError):
            httpx.get(server.url.replace("https", "http"), trust_env=False)


@LIBRARIES
def test_the_key_is_for_this_user_alone_and_goes_with_the_server():
    with own_certificate("192.168.0.7") as files:
        modes = [stat.S_IMODE(Path(file).stat().st_mode) for file in files]
        assert sys.platform == "win32" or modes == [0o600, 0o600]
    assert not any(Path(file).exists() for file in files)


@LIBRARIES
def test_a_qr_code_is_drawn_in_half_blocks():
    drawn = qr_code("https://192.168.0.7:8000/#token=abcd-efgh-jkmn")
    assert 15 < len(drawn.splitlines()) < 30


def test_without_the_libraries_the_way_to_them_is_told(monkeypatch):
    monkeypatch.setattr("olhar.base.extras.find_spec", lambda _: None)
    with pytest.raises(ExtraError, match=r"\[lan\]"), own_certificate("127.0.0.1"):
        pass


def test_tokens_can_be_typed_and_differ():
    tokens = {new_token() for _ in range(200)}
    assert len(tokens) == 200
    assert all(len(token) == 14 and not set(token) & set("ilo01 ") for token in tokens)


def test_a_certificate_that_cannot_be_used_is_told(tmp_path):
    file = tmp_path / "some.pem"
    file.write_text("nothing", encoding="utf-8")
    for cert in (file, tmp_path / "none.pem"):
        with pytest.raises(ServingError) as refused:
            check_certificate(Settings(token="", tls_cert=str(cert), tls_key=str(file)))
        assert refused.value.code == "OLH739"
    with speaking("en"):
        assert "are no certificate with its key" in str(refused.value)
    with speaking("pt-BR"):
        assert "não são um certificado" in str(refused.value)


@LIBRARIES
def test_a_key_with_a_password_is_refused_and_nobody_is_asked_for_it(tmp_path):
    from cryptography.hazmat.primitives import serialization

    with own_certificate("127.0.0.1") as (certificate, key):
        opened = serialization.load_pem_private_key(Path(key).read_bytes(), None)
        locked = tmp_path / "locked.pem"
        locked.write_bytes(
            opened.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"hush")
            )
        )
        with pytest.raises(ServingError):
            check_certificate(Settings(token="", tls_cert=certificate, tls_key=str(locked)))
