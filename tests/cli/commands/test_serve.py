import json
import os
import re
import signal
import socket
import subprocess

import httpx
import pytest

from olhar.base.errors import ServingError
from olhar.cli.commands.serve import print_address
from olhar.serving.lan import address
from tests.cli.conftest import OLHAR
from tests.conftest import COLOURS, encoded, noisy


def test_a_model_is_served_and_the_server_ends_well(run):
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    child = subprocess.Popen(
        [*OLHAR, "serve", run.path, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    assert child.stdout
    assert child.stderr
    url = re.search(r"http://127\.0\.0\.1:\d+/", child.stdout.readline())
    assert url
    answer = httpx.post(f"{url[0]}predict", files={"file": ("x.png", encoded(noisy(COLOURS["blue"], 1)))}).json()
    assert (answer["class"], answer["model"]["name"] if isinstance(answer["model"], dict) else answer["model"]) == (
        "blue",
        "colours",
    )
    child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=20) == 0
    assert "/predict" in child.stderr.read()
    child.stdout.close()
    child.stderr.close()


def test_how_to_ask_a_server_tells_of_its_token_and_never_shows_it(monkeypatch, capsys):
    for token in ("", "secret"):
        monkeypatch.setenv("OLHAR_TOKEN", token)
        print_address("http://127.0.0.1:8000/", as_json=False)
        out = capsys.readouterr().out
        assert ('curl -H "Authorization: Bearer $OLHAR_TOKEN" -F' in out) == bool(token)
        assert "secret" not in out


def test_a_port_that_is_taken_is_told(say, run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, _, err = say("serve", run.path, "--port", taken.getsockname()[1])
    assert code == 2
    assert "--port" in err


def test_two_models_are_served_by_name_with_settings_from_a_file_and_the_environment(run, tmp_path):
    file = tmp_path / "serve.toml"
    file.write_text('max_pictures = 1\nport = 1\n[models]\nunused = "x"\n', encoding="utf-8")
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "OLHAR_PORT": "0"}
    words = [*OLHAR, "serve", run.path, f"again={run.path}", "--settings", str(file)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment) as child:
        assert child.stdout
        url = re.search(r"http://127\.0\.0\.1:\d+/", child.stdout.readline())
        assert url
        assert [one["model"] for one in httpx.get(f"{url[0]}models").json()["models"]] == ["colours", "again"]
        sent = encoded(noisy(COLOURS["blue"], 1))
        assert httpx.post(f"{url[0]}models/again/predict", files={"file": sent}).json()["class"] == "blue"
        assert httpx.post(f"{url[0]}predict", files=[("file", sent), ("file", sent)]).json()["error"]["code"] == "OLH717"
        child.send_signal(signal.SIGTERM)


def test_a_broken_model_among_several_is_named_and_nothing_is_served(say, run, tmp_path):
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"nothing")
    code, out, err = say("serve", run.path, f"second={broken}")
    assert (code, out) == (2, "")
    assert "broken.onnx" in err


def test_two_models_of_one_name_and_no_model_are_told(say, run):
    assert "OLH727" in say("serve", f"a={run.path}", f"a={run.path}")[2]
    assert "OLH728" in say("serve")[2]


def test_a_class_gets_https_a_token_and_an_address_of_its_network(run):
    pytest.importorskip("cryptography", reason="cryptography, of [lan], is not installed")
    try:
        address()
    except ServingError:
        pytest.skip("this machine is in no network")
    environment = {key: value for key, value in os.environ.items() if key != "OLHAR_TOKEN"} | {"PYTHONUNBUFFERED": "1"}
    words = [*OLHAR, "serve", run.path, "--lan", "--port", "0", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment) as child:
        assert child.stdout
        told = json.loads(child.stdout.readline())
        assert told["url"].startswith(f"https://{address()}:")
        sent = encoded(noisy(COLOURS["blue"], 1))
        for headers, status in (({}, 401), ({"Authorization": f"Bearer {told['token']}"}, 200)):
            got = httpx.post(f"{told['url']}predict", files={"file": sent}, headers=headers, verify=False, trust_env=False)
            assert got.status_code == status
        child.send_signal(signal.SIGTERM)


def test_a_class_is_told_its_token_and_an_address_beside_it_is_refused(say, run, capsys, monkeypatch):
    pytest.importorskip("segno", reason="segno, of [lan], is not installed")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    print_address("https://192.168.0.7:8000/", as_json=False, token="abcd-efgh-jkmn")
    out = capsys.readouterr().out
    assert "Token: abcd-efgh-jkmn" in out
    assert "Scan the code" in out
    assert 'curl -k -H "Authorization: Bearer abcd-efgh-jkmn" -F' in out
    assert "\x1b[97;40m█" in out, "white stays white on a terminal of white paper"
    assert "OLH741" in say("serve", run.path, "--lan", "--host", "127.0.0.1")[2]


def test_a_class_is_told_to_scan_a_code_only_where_one_is_drawn(capsys):
    print_address("https://192.168.0.7:8000/", as_json=False, token="abcd-efgh-jkmn")
    out = " ".join(capsys.readouterr().out.split())
    assert "Type the address and the token" in out
    assert "certificate" in out
    assert "can the code" not in out
