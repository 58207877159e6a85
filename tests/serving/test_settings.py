import pytest

from olhar.base.errors import ServingError
from olhar.base.texts import speaking
from olhar.serving.settings import Settings, loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "192.168.0.7", "example.org"])
def test_an_open_address_without_a_token_is_refused_in_both_languages(host, monkeypatch):
    monkeypatch.delenv("OLHAR_TOKEN", raising=False)
    with pytest.raises(ServingError) as refused:
        Settings(host=host)
    assert refused.value.code == "OLH701"
    with speaking("en"):
        assert "OLHAR_TOKEN" in str(refused.value)
        assert "other machines" in str(refused.value)
    with speaking("pt-BR"):
        assert "outras máquinas" in str(refused.value)


def test_an_open_address_with_a_token_from_the_environment_is_taken(monkeypatch):
    monkeypatch.setenv("OLHAR_TOKEN", " secret \n")
    assert Settings(host="0.0.0.0").token == "secret"


def test_the_token_is_not_shown():
    assert "hush-hush" not in repr(Settings(token="hush-hush"))


@pytest.mark.parametrize("flag", ["allow_host", "allow_origin"])
def test_a_star_is_refused(flag):
    with pytest.raises(ServingError) as refused, speaking("en"):
        Settings(**{flag: ("*.example.org",)})
    assert refused.value.code == "OLH702"


@pytest.mark.parametrize("proxy", ["*", "", "nginx", "127.0.0.1/8", "10.0.0.0/64", "127.0.0.1:80"])
def test_a_proxy_that_is_no_address_is_told(proxy):
    with pytest.raises(ServingError) as refused:
        Settings(token="", trust_proxy=("10.0.0.0/8", "::1", proxy))
    assert refused.value.code == "OLH746"
    with speaking("en"):
        assert str(refused.value).startswith(f"--trust-proxy cannot be {proxy}. Give the address of the proxy")
    with speaking("pt-BR"):
        assert str(refused.value).startswith(f"--trust-proxy não pode ser {proxy}. Informe o endereço do proxy")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_loopback_names(host):
    assert loopback(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "localhost.example.org", "127.0.0.1.example.org", "10.0.0.1"])
def test_names_that_only_look_like_loopback(host):
    assert not loopback(host)


@pytest.mark.parametrize("name", ["max_megabytes", "max_pictures", "workers", "body_seconds", "connections"])
@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf")])
def test_a_number_that_cannot_be_is_told(name, value):
    with pytest.raises(ServingError) as refused, speaking("en"):
        Settings(**{"token": "", name: value})
    assert refused.value.code == "OLH729"
    assert str(refused.value).startswith(f"--{name.replace('_', '-')} cannot be {value}")


def test_a_token_in_a_file_is_taken_and_one_that_is_none_is_told(tmp_path):
    file = tmp_path / "token"
    file.write_bytes(b" secret\n")
    assert Settings(host="0.0.0.0", token="", token_file=str(file)).token == "secret"
    for content in (b"", b" \n", b"\xff", b"x" * 5000):
        file.write_bytes(content)
        with pytest.raises(ServingError) as refused:
            Settings(token_file=str(file))
        assert refused.value.code == "OLH731"
    with pytest.raises(ServingError) as refused:
        Settings(token_file=str(tmp_path))
    with speaking("pt-BR"):
        assert "não é um arquivo com um token" in str(refused.value)


@pytest.mark.parametrize("given", [{"tls_cert": "a.pem"}, {"tls_key": "a.pem"}])
def test_a_certificate_wants_its_key(given):
    with pytest.raises(ServingError, match="go together") as refused, speaking("en"):
        Settings(token="", **given)
    assert refused.value.code == "OLH730"
