"""The files that run a server elsewhere: what they name is there, and the servers that they start answer."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from olhar.bundle.predictor import Predictor
from olhar.cli.registry import build_command
from olhar.serving.app import build
from olhar.serving.gate import is_open
from olhar.serving.options import OPTIONS, VARIABLE
from olhar.serving.settings import Settings
from tests.cli.conftest import OLHAR
from tests.serving.kit import picture, running, write_bundle

FOLDER = Path(__file__).parents[1] / "examples" / "serve"
UNIT = FOLDER / "olhar-serve.service"
VARIABLES = {f"{VARIABLE}{name.upper()}" for name in OPTIONS} | {"OLHAR_CACHE", "OLHAR_TOKEN"}
BEHIND = {"Host": "photos.example.org", "Authorization": "Bearer hush", "Content-Type": "image/png"}


@pytest.mark.parametrize("file", sorted(FOLDER.iterdir()), ids=lambda file: file.name)
def test_every_setting_that_is_named_is_there(file):
    text = file.read_text(encoding="utf-8")
    assert set(re.findall(r"\bOLHAR_\w+", text)) <= VARIABLES
    flags = {flag for one in build_command("serve").params for flag in one.opts}
    commands = [line for line in text.splitlines() if "olhar serve" in line]
    assert {flag for line in commands for flag in re.findall(r"(?<!\S)--[\w-]+", line)} <= flags


def plain(text: str) -> str:
    """A text without the signs of comments, and with lines that go on joined."""
    return re.sub(r"[ ]+", " ", re.sub(r"\\\n", "", re.sub(r"^#[ ]*", "", text, flags=re.MULTILINE)))


@pytest.mark.parametrize("page", ["serve.md", "serve.pt-BR.md"])
@pytest.mark.parametrize(
    ("file", "start"),
    [
        ("Dockerfile", "docker build "),
        ("Dockerfile", "docker run "),
        ("olhar-serve.service", "systemctl enable "),
        ("nginx.conf", "nginx -t "),
    ],
)
def test_the_pages_show_the_commands_that_stand_in_the_files(page, file, start):
    text = (FOLDER / file).read_text(encoding="utf-8")
    (command,) = re.findall(rf"^{start}.*$", plain(text), re.MULTILINE)
    shown = (FOLDER.parents[1] / "docs" / page).read_text(encoding="utf-8").replace("flores", "flowers")
    assert command in plain(shown).splitlines()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine")
def test_systemd_takes_the_unit(tmp_path):
    unit = tmp_path / "olhar-serve.service"
    unit.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/olhar/.venv/bin/olhar", "/bin/true"), encoding="utf-8")
    told = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")


def dockerfile() -> list[tuple[str, str]]:
    """The instructions of the container, with what stands behind each."""
    text = re.sub(r"\\\n\s*", "", (FOLDER / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line.partition(" ") for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in lines]


def said(word: str) -> str:
    return [rest for name, rest in dockerfile() if name == word][-1]


def compose() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    return yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))


def test_the_container_is_pinned_runs_without_rights_and_copies_what_is_there():
    tags = [rest.split()[0] for word, rest in dockerfile() if word == "FROM"]
    assert all(re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", tag) for tag in tags)
    assert len(set(tags)) == 1
    assert int(said("USER").split(":")[0]) > 0
    assert int(said("EXPOSE")) == Settings(token="").port
    copied = [name for word, rest in dockerfile() if word == "COPY" and "--from" not in rest for name in rest.split()[:-1]]
    assert [name for name in copied if not (FOLDER.parents[1] / name).exists()] == []
    assert '".[serve]"' in said("RUN")
    assert {"--no-cache-dir", "--constraint"} <= set(shlex.split(said("RUN")))


def health_of_container() -> list[str]:
    return json.loads(said("HEALTHCHECK").partition(" CMD ")[2])


def test_health_is_asked_where_the_server_tells_it_and_needs_no_token(tmp_path):
    path = re.search(r"http://127\.0\.0\.1:(\d+)(/\w+)", health_of_container()[-1])
    assert path
    assert int(path[1]) == Settings(token="").port
    app = build(Predictor.open(write_bundle(tmp_path / "m.onnx")), Settings(token=""))
    assert path[2] in {getattr(route, "path", "") for route in app.routes}
    assert is_open(path[2])


@contextmanager
def started(words: Sequence[str], environment: Mapping[str, str]) -> Iterator[str]:
    """The address of a server that is started as a file says, on a free port; it must end well."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(VARIABLE)}
    told = kept | dict(environment) | {"OLHAR_PORT": "0", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*OLHAR, "serve", *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=told
    ) as child:
        assert child.stdout
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+", child.stdout.readline())
            assert found
            yield found[0]
        finally:
            child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=20) == 0


def healthy(command: Sequence[str], url: str) -> bool:
    """Whether the command by which a container is asked finds that server well."""
    words = [sys.executable, *(word.replace("http://127.0.0.1:8000", url) for word in command[1:])]
    without = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    return subprocess.run(words, capture_output=True, check=False, env=without).returncode == 0


def answers(url: str) -> None:
    got = httpx.post(f"{url}/predict", content=picture("blue"), headers=BEHIND, trust_env=False, timeout=20)
    assert (got.status_code, got.json().get("class")) == (200, "blue")
    assert httpx.post(f"{url}/predict", headers=BEHIND | {"Authorization": "x"}, trust_env=False).status_code == 401


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send to another process")
def test_the_command_of_the_container_starts_a_server_that_its_health_check_finds_well(tmp_path):
    bundle = write_bundle(tmp_path / "flowers.onnx")
    home = tmp_path / "home"
    home.mkdir()
    given = dict(pair.split("=", 1) for pair in said("ENV").split())
    given = {key: value.replace("/tmp", str(home)) for key, value in given.items()}
    assert json.loads(said("ENTRYPOINT"))[1:] == ["serve"]
    words = [word.replace("/models/flowers", str(bundle)) for word in json.loads(said("CMD"))]
    assert str(bundle) in words
    with started(words, given | {"OLHAR_TOKEN": "hush", "OLHAR_ALLOW_HOST": "photos.example.org"}) as url:
        answers(url)
        assert healthy(health_of_container(), url)
    assert not healthy(health_of_container(), url)
    assert not list(home.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send to another process")
def test_the_service_of_compose_starts_a_server_that_answers_behind_its_proxy(tmp_path):
    service = compose()["services"]["olhar"]
    bundle, token = write_bundle(tmp_path / "flowers.onnx"), tmp_path / "token"
    token.write_text("hush\n", encoding="ascii")
    places = {"/models/flowers": str(bundle), "/run/secrets/token": str(token)}
    words = [re.sub("|".join(places), lambda found: places[found[0]], word) for word in service["command"]]
    given = {key: places.get(value, value) for key, value in service["environment"].items()}
    with started(words, {"OLHAR_HOST": "0.0.0.0"} | given) as url:
        answers(url)
        assert httpx.get(f"{url}/models", headers=BEHIND, trust_env=False).json()["models"][0]["model"] == "flowers"
        assert service["healthcheck"]["test"] == ["CMD", *health_of_container()]
        assert healthy(service["healthcheck"]["test"][1:], url)


def test_compose_gives_the_container_nothing_that_it_does_not_need():
    document = compose()
    service = document["services"]["olhar"]
    assert (service["read_only"], service["cap_drop"], service["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])
    assert service["ports"] == [f"127.0.0.1:{Settings(token='').port}:{said('EXPOSE')}"]
    assert service["volumes"][0]["read_only"]
    assert service["command"][0].split("=")[1].startswith(service["volumes"][0]["target"])
    assert service["secrets"] == [*document["secrets"]]
    assert (FOLDER / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
    network = document["networks"]["front"]["ipam"]["config"][0]
    assert service["environment"]["OLHAR_TRUST_PROXY"] == network["gateway"], "published ports are asked from there"
    assert int(service["stop_grace_period"].rstrip("s")) > Settings(token="").grace_seconds


def nginx(directive: str) -> list[str]:
    text = (FOLDER / "nginx.conf").read_text(encoding="utf-8")
    return re.findall(rf"^\s*{directive} ([^;{{]+);", text, re.MULTILINE)


def test_what_nginx_is_told_agrees_with_the_server():
    settings = Settings(token="")
    assert nginx("server") == [f"127.0.0.1:{settings.port}"]
    assert nginx("client_max_body_size") == ["0"], "the server's own limit holds, in its own words"
    assert nginx("proxy_request_buffering") == ["off"], "no picture lies on nginx's disk"
    assert nginx("proxy_max_temp_file_size") == ["0"]
    for name in ("proxy_send_timeout", "proxy_read_timeout"):
        assert int(nginx(name)[0].rstrip("s")) > settings.body_seconds + 2 * settings.picture_seconds
    assert {"X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme", "Host $http_host"} <= set(nginx("proxy_set_header"))
    names = set(nginx("server_name"))
    assert names == {compose()["services"]["olhar"]["environment"]["OLHAR_ALLOW_HOST"]}
    assert f"OLHAR_ALLOW_HOST={names.pop()} OLHAR_TRUST_PROXY=127.0.0.1" in UNIT.read_text(encoding="utf-8")


def test_a_reader_of_nginx_s_language_takes_the_file():
    crossplane = pytest.importorskip("crossplane", reason="crossplane is not installed")
    told = crossplane.parse(str(FOLDER / "nginx.conf"), single=True)
    assert (told["status"], told["errors"]) == ("ok", [])


@pytest.fixture
def nginx_conf(tmp_path: Path) -> Path:
    """The file as it is, but for its ports, its certificate, and where it writes."""
    from olhar.serving.lan import own_certificate

    if shutil.which("nginx") is None:
        pytest.skip("nginx is not on this machine")
    pytest.importorskip("cryptography", reason="cryptography is not installed")
    own = "".join(f"{name}_temp_path {tmp_path}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    text = (FOLDER / "nginx.conf").read_text(encoding="utf-8").replace("http {", f"http {{\naccess_log off;\n{own}")
    with own_certificate("127.0.0.1") as (certificate, key):
        shutil.copy(certificate, tmp_path / "fullchain.pem")
        shutil.copy(key, tmp_path / "privkey.pem")
    text = text.replace("/etc/ssl/olhar/", f"{tmp_path}/").replace("/run/nginx.pid", f"{tmp_path}/nginx.pid")
    text = re.sub(r"\n\s*listen \[::\].*", "", text)
    for port in ("80", "443 ssl"):
        text = text.replace(f"listen {port};", f"listen 127.0.0.1:{free_port()}{port[3:]};")
    file = tmp_path / "nginx.conf"
    file.write_text(text, encoding="utf-8")
    return file


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def until_it_listens(port: int) -> None:
    """Wait for a server; the file with its number is no sign, since looking at the configuration makes one too."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.02)
        else:
            return


@contextmanager
def proxied(conf: Path, port: int) -> Iterator[tuple[str, str]]:
    """Nginx in front of a server; its addresses by http and by https."""
    text = conf.read_text(encoding="utf-8").replace("server 127.0.0.1:8000;", f"server 127.0.0.1:{port};")
    conf.write_text(text, encoding="utf-8")
    plain, secure = re.findall(r"listen (127\.0\.0\.1:\d+)", text)
    words = ["nginx", "-e", "stderr", "-c", str(conf)]
    assert subprocess.run([*words, "-t"], capture_output=True, check=False).returncode == 0
    with subprocess.Popen([*words, "-g", "daemon off;"], stderr=subprocess.DEVNULL) as child:
        try:
            until_it_listens(int(secure.rpartition(":")[2]))
            yield f"http://{plain}", f"https://{secure}"
        finally:
            child.terminate()


def test_nginx_passes_on_what_is_asked_and_what_is_answered(nginx_conf, tmp_path, caplog):
    model = Predictor.open(write_bundle(tmp_path / "flowers.onnx"), threads=1)
    own = Settings(token="hush", allow_host=tuple(nginx("server_name")[:1]), trust_proxy=("127.0.0.1",))
    told = {"token": own.token, "allow_host": own.allow_host, "trust_proxy": own.trust_proxy}
    with running(model, **told) as server, proxied(nginx_conf, server.port) as (plain, secure):
        client = httpx.Client(verify=False, trust_env=False, timeout=20, headers=BEHIND)
        with client, caplog.at_level("INFO", logger="olhar.access"):
            for _ in range(3):
                assert client.post(f"{secure}/predict", content=picture("blue")).json()["class"] == "blue"
            assert client.post(f"{secure}/predict", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 400
            assert "curl -k" in client.get(f"{secure}/docs").text
            assert "https://photos.example.org/predict" in client.get(f"{secure}/docs").text
            large = client.post(f"{secure}/predict", content=b"x" * (own.body_bytes + 1))
            assert (large.status_code, large.json()["error"]["code"]) == (413, "OLH716")
            assert client.post(f"{secure}/predict", content=b"x" * own.body_bytes).json()["error"]["code"] == "OLH159"
            sentence = client.post(f"{secure}/v1/models/flowers:predict", content=b"x" * (own.body_bytes + 1)).json()["error"]
            assert isinstance(sentence, str)
            assert client.get(f"{secure}/labels", headers={"Host": "evil.example"}).status_code == 403
            page = client.get(secure, headers={"Origin": "https://photos.example.org"})
            assert (page.status_code, page.headers["strict-transport-security"]) == (200, "max-age=31536000")
            moved = client.get(f"{plain}/docs")
            assert (moved.status_code, moved.headers["location"]) == (301, "https://photos.example.org/docs")
    assert "203.0.113.9" not in caplog.text
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.parent != tmp_path]
