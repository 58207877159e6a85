"""Several models behind one server."""

from pathlib import Path

import pytest

from olhar.base.errors import ServingError
from olhar.base.texts import speaking
from olhar.bundle.predictor import Predictor
from olhar.serving import schemas
from olhar.serving.app import build
from olhar.serving.settings import Settings
from tests.serving.kit import picture, write_bundle

OCTETS = {"Content-Type": "application/octet-stream"}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, predictor: Predictor) -> dict[str, Predictor]:
    path: Path = tmp_path_factory.mktemp("other") / "model.onnx"
    write_bundle(path, classes=("b", "g", "r"), names=("b", "g", "r"))
    return {"colours": predictor, "às três": Predictor.open(path, threads=1)}


def test_each_model_answers_at_its_own_address_and_the_first_where_nobody_names_one(start, pair):
    server = start(pair)
    sent = picture("green")
    for path, name, found in (
        ("predict", "colours", "green"),
        ("models/colours/predict", "colours", "green"),
        ("models/%C3%A0s%20tr%C3%AAs/predict", "às três", "g"),
        ("models/às três/predict/", "às três", "g"),
    ):
        got = server.ask("POST", path, content=sent, headers=OCTETS).json()
        assert (got["model"], got["class"]) == (name, found)
    assert [one["class"] for one in server.get("models/às três/labels").json()["labels"]] == ["b", "g", "r"]
    listed = server.get("models").json()
    schemas.ModelList.model_validate(listed)
    assert [(one["model"], one["classes"]) for one in listed["models"]] == [("colours", 3), ("às três", 3)]


def test_each_model_has_its_page_whose_files_stand_beside_it(start, pair):
    server = start(pair, token="hush")
    for path in ("", "page.js", "answers.js", "style.css", "texts.json"):
        assert server.get(f"models/colours/{path}").content == server.get(path).content
    assert server.get("models/colours/labels").status_code == 401
    assert server.get("models").status_code == 401


def test_who_has_no_token_is_not_told_which_models_there_are(start, pair):
    server = start(pair, token="hush")
    for path in ("models/flowers/", "models/flowers/labels", "models", "v2/models/flowers", "v2", "v1/models/flowers"):
        assert "colours" not in server.get(path).text, path


def test_a_model_that_is_not_there_is_named_with_those_that_are(start, pair):
    server = start(pair)
    for got in (server.get("models/flowers/labels"), server.get("models/flowers/")):
        assert got.status_code == 404
        assert got.json()["error"] == {
            "code": "OLH725",
            "message": "There is no model flowers here. There are: colours, às três.",
        }
    with speaking("pt-BR"):
        got = server.ask("POST", "models/flores/predict", headers={"Accept-Language": "pt-BR"})
    assert got.json()["error"]["message"] == "Não há um modelo flores aqui. Há: colours, às três."


@pytest.mark.parametrize("version", ["2", "0", "01", "latest", "1 "])
def test_a_version_that_there_is_not_is_told_by_both_protocols(start, pair, version):
    server = start(pair)
    start_of = f"models/colours/versions/{version}"
    asked = [("GET", f"v1/{start_of}"), ("POST", f"v1/{start_of}:predict"), ("POST", f"v2/{start_of}/infer")]
    asked += [("GET", f"v2/{start_of}{rest}") for rest in ("", "/ready", "/config")]
    for method, path in asked:
        got = server.ask(method, path, headers={"Accept-Language": "en"})
        assert got.status_code == 404, path
        assert got.json() == {"error": f"The model colours has no version {version} here. There is: 1."}
    told = server.ask("GET", f"v2/{start_of}", headers={"Accept-Language": "pt"}).json()
    assert told == {"error": f"O modelo colours não tem a versão {version} aqui. Há: 1."}
    assert "There is no model none" in server.get("v2/models/none/versions/2", headers={"Accept-Language": "en"}).json()["error"]
    assert server.get("v2/models/colours/versions/1/ready").status_code == 200


@pytest.mark.parametrize("name", ["", " ", "a/b", "a:b", "a\nb", "x" * 101])
def test_a_name_that_no_address_can_hold_is_refused_at_the_start(predictor, name):
    with pytest.raises(ServingError) as refused:
        build({"good": predictor, name: predictor}, Settings(token=""))
    assert refused.value.code == "OLH726"


def test_no_model_at_all_is_refused():
    with pytest.raises(ServingError, match="no model to serve"), speaking("en"):
        build({}, Settings(token=""))
