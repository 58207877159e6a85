"""A model as a page, in a real browser: its pixels are ours, its answers are ours, and it needs nobody."""

import base64
import json
import zipfile

import numpy as np
import pytest
from PIL import features

import olhar
from olhar.base import texts
from olhar.base.errors import ModelError, UsageError
from olhar.base.images import to_pixels
from olhar.base.progress import Quiet
from olhar.bundle.class_distance import class_distance
from olhar.bundle.predictor import Predictor
from olhar.bundle.unlike_output import with_unlikeness
from olhar.bundle.unlike_score import unlikeness
from olhar.cli.app import main
from olhar.exports.web.emulator import computed
from olhar.exports.web.export import check_pictures, export_web
from olhar.serving.page import page_source
from tests.conftest import assert_says
from tests.exports.web.browsers import needs_chromium
from tests.exports.web.kit import array, node, with_last
from tests.exports.web.kit import bundle as tiny
from tests.exports.web.pictures import clear, encoded, kinds, photograph
from tests.serving.kit import NAMES, telling_strangers, write_bundle
from tests.serving.kit import picture as coloured

LOOK = """async ([data, name]) => {
  const file = new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name);
  const { fault, pixels, probabilities } = await askOlhar(file);
  return fault ? { fault } : { pixels: [...pixels], probabilities: [...probabilities] };
}"""


UNLIKENESS = """async (data) => {
  const { unlikeness, probabilities } = await askOlhar(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], "a.png"));
  return { unlikeness, probabilities: [...probabilities] };
}"""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_bundle(tmp_path_factory.mktemp("model") / "model.onnx")


def page_of(bundle: bytes, target, **settings):
    return export_web(bundle, "tiny", target, page_source(), **{"half": False, "force": False, "progress": Quiet()} | settings)


def opened(browser, address, said, **settings):
    """The page, once its model is there; what the console says against it is kept."""
    context = browser.new_context(**{"viewport": {"width": 390, "height": 844}, "locale": "en-GB"} | settings)
    page = context.new_page()
    page.set_default_timeout(8000)
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    page.wait_for_selector("#model:not(:empty)", state="attached")
    return page


def looked(page, data: bytes, name: str):
    return page.evaluate(LOOK, [base64.b64encode(data).decode(), name])


@needs_chromium
@pytest.mark.parametrize(
    ("fit", "size", "channels"), [("stretch", (16, 16), 3), ("crop", (24, 18), 3), ("pad", (40, 31), 3), ("pad", (12, 30), 1)]
)
def test_every_kind_of_picture_is_seen_as_python_sees_it(browser, tmp_path, fit, size, channels):
    mean = [node("GlobalAveragePool", ["planes"], ["x"])]
    bundle = tiny(mean, {"last": array(channels, 3, seed=3)}, size=size, channels=channels, fit=fit)
    page = opened(browser, page_of(bundle, tmp_path / "page.html").as_uri(), said := [])
    predictor = Predictor.from_bytes(bundle, "tiny")
    unequal = []
    for name, data in kinds().items():
        expected = to_pixels(data, size, channels, fit, name, levels=predictor.signature.levels, whole=True)
        answer = looked(page, data, name)
        if not np.array_equal(np.array(answer.get("pixels", []), np.uint8), expected.ravel()):
            unequal.append(name)
            continue
        probabilities = predictor.probabilities(expected[None])[0]
        assert np.abs(np.array(answer["probabilities"]) - probabilities).max() < 1e-5
    page.context.close()
    assert unequal == []
    assert said == []


@needs_chromium
@pytest.mark.parametrize("lacking", ["ImageDecoder", "VideoFrame"])
def test_a_browser_without_newer_ways_to_pixels_sees_the_same(browser, tmp_path, host, lacking):
    bundle = tiny([node("GlobalAveragePool", ["planes"], ["x"])], {"last": array(3, 3, seed=3)}, size=(24, 18), fit="crop")
    page_of(bundle, tmp_path / "site")
    worker = tmp_path / "site" / "worker.js"
    worker.write_text(f"delete globalThis.ImageDecoder;\ndelete globalThis.{lacking};\n{worker.read_text('utf-8')}", "utf-8")
    page = opened(browser, f"{host}/site/", said := [])
    levels = Predictor.from_bytes(bundle, "tiny").signature.levels
    unequal = [
        name
        for name, data in kinds().items()
        if bytes(looked(page, data, name).get("pixels", []))
        != to_pixels(data, (24, 18), 3, "crop", name, levels=levels, whole=True).tobytes()
    ]
    page.context.close()
    assert unequal == []
    assert said == []


@needs_chromium
def test_pictures_asked_at_once_before_the_network_is_there_each_get_their_own_answer(browser, tmp_path, host):
    bundle = tiny([node("GlobalAveragePool", ["planes"], ["x"])], {"last": array(3, 3, seed=3)}, size=(24, 18), fit="crop")
    page_of(bundle, tmp_path / "site")
    page = browser.new_page()
    held = []

    def hold(route):
        held.append(route)

    page.route("**/network.bin", hold)
    page.goto(f"{host}/site/")
    page.wait_for_selector("#model:not(:empty)", state="attached")
    pictures = [encoded(photograph(300 + 7 * n, 700 - 5 * n), "PNG") for n in range(6)]
    page.evaluate(
        f"(all) => {{ const look = {LOOK}; globalThis.looked = Promise.all(all.map((data) => look([data, 'a.png']))); }}",
        [base64.b64encode(data).decode() for data in pictures],
    )
    page.wait_for_timeout(300)
    held[0].continue_()
    answers = page.evaluate("looked")
    page.close()
    for data, answer in zip(pictures, answers, strict=True):
        assert bytes(answer["pixels"]) == to_pixels(data, (24, 18), 3, "crop", "a.png").tobytes()
        assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)


@needs_chromium
def test_a_network_that_does_not_come_is_told(browser, model, tmp_path, host):
    olhar.export(model, tmp_path / "site", form="web")
    (tmp_path / "site" / "offline.js").unlink()
    page = browser.new_page()
    page.route("**/network.bin", lambda route: route.abort())
    page.goto(f"{host}/site/")
    page.wait_for_selector("#model:not(:empty)", state="attached")
    page.set_input_files("#choose", [{"name": "a.png", "mimeType": "image/png", "buffer": coloured("blue")}])
    page.wait_for_selector("#cards .wrong:not([hidden])")
    page.close()


@needs_chromium
def test_photographs_are_seen_as_python_sees_them(browser, tmp_path, real_data):
    bundle = tiny([node("GlobalAveragePool", ["planes"], ["x"])], {"last": array(3, 3, seed=3)}, size=(224, 224))
    page = opened(browser, page_of(bundle, tmp_path / "page.html").as_uri(), said := [])
    with zipfile.ZipFile(real_data("cats-dogs.zip")) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(".jpg")][::34]
        photographs = {name: archive.read(name) for name in names}
    assert len(photographs) >= 40
    unequal = [
        name
        for name, data in photographs.items()
        if bytes(looked(page, data, name)["pixels"]) != to_pixels(data, (224, 224), 3, "stretch", name, whole=True).tobytes()
    ]
    page.context.close()
    assert unequal == []
    assert said == []


@needs_chromium
def test_a_folder_answers_from_a_plain_host_and_then_without_one(browser, model, tmp_path, host):
    olhar.export(model, tmp_path / "site", form="web")
    page = opened(browser, f"{host}/site/", said := [])
    page.set_input_files("#choose", [{"name": "a.png", "mimeType": "image/png", "buffer": coloured("blue")}])
    page.wait_for_selector("#cards .told:not([hidden])")
    assert page.inner_text("#cards .best") == "Blue"
    assert page.inner_text("#cards .share >> nth=0") == "99.9%"
    assert "stay on this device" in page.inner_text("footer")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("#model:not(:empty)", state="attached")
    page.set_input_files("#choose", [{"name": "a.png", "mimeType": "image/png", "buffer": coloured("red")}])
    page.wait_for_selector("#cards .told:not([hidden])")
    assert page.inner_text("#cards .best") == NAMES[2]
    page.context.close()
    assert said == []


@needs_chromium
@pytest.mark.parametrize("locale", ["en-GB", "pt-BR"])
def test_one_file_answers_by_a_double_click_in_the_readers_language(browser, model, tmp_path, locale):
    olhar.export(model, tmp_path / "page.html")
    page = opened(browser, (tmp_path / "page.html").as_uri(), said := [], locale=locale, color_scheme="dark")
    assert page.get_attribute("html", "lang") == ("pt-BR" if locale == "pt-BR" else "en")
    page.set_input_files("#choose", [{"name": "a.png", "mimeType": "image/png", "buffer": coloured("lime")}])
    page.wait_for_selector("#cards .told:not([hidden])")
    assert page.inner_text("#cards .best") == NAMES[1]
    assert page.locator(".card img").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    other = "en" if locale == "pt-BR" else "pt-BR"
    page.click(f"[data-language='{other}']")
    page.wait_for_selector(f"html[lang='{other}']")
    page.reload()
    page.wait_for_selector(f"html[lang='{other}']")
    page.context.close()
    assert said == []


@needs_chromium
def test_one_file_takes_the_camera_and_the_keyboard_alone_does(browser, model, tmp_path):
    olhar.export(model, tmp_path / "page.html")
    page = opened(browser, (tmp_path / "page.html").as_uri(), said := [])
    page.focus("#live")
    page.keyboard.press("Enter")
    page.wait_for_selector("#seeing .best:not(:empty)")
    page.focus("#hold")
    page.keyboard.press("Space")
    page.wait_for_selector("#hold[aria-pressed=true]")
    assert page.evaluate("document.querySelector('#video').paused")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#cards .told:not([hidden])")
    page.focus("#dark")
    page.keyboard.press("Enter")
    assert page.is_hidden("#viewfinder")
    page.context.close()
    assert said == []


REFUSED = {
    "tiff.tif": (encoded(photograph(), "TIFF"), "TIFF", "OLH684"),
    "text.jpg": (b"no picture", "not a picture that this browser can read", "OLH683"),
    "cut.jpg": (encoded(photograph(), "JPEG")[:4000], "cut off or damaged", texts.code("picture.damaged")),
    "cut.png": (encoded(photograph(), "PNG")[:4000], "cut off or damaged", texts.code("picture.damaged")),
    **({"clear.avif": (encoded(clear(), "AVIF"), "AVIF (alpha)", "OLH684")} if features.check("avif") else {}),
    "empty.png": (b"", "empty file", texts.code("picture.empty")),
}


@needs_chromium
@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_seen_exactly_is_refused_by_name(browser, model, tmp_path, name):
    data, told, code = REFUSED[name]
    olhar.export(model, tmp_path / "page.html")
    page = opened(browser, (tmp_path / "page.html").as_uri(), [])
    page.set_input_files("#choose", [{"name": name, "mimeType": "image/jpeg", "buffer": data}])
    page.wait_for_selector("#cards .wrong:not([hidden])")
    assert told in page.inner_text(".wrong")
    assert code in page.inner_text(".wrong small")
    page.context.close()


@needs_chromium
def test_a_browser_that_computes_otherwise_does_not_answer(browser, model, tmp_path, host):
    site = olhar.export(model, tmp_path / "site", form="web")
    weights = np.frombuffer((site / "network.bin").read_bytes(), np.float32).copy()
    (site / "network.bin").write_bytes((weights * 3).tobytes())
    page = opened(browser, f"{host}/site/", [])
    page.set_input_files("#choose", [{"name": "a.png", "mimeType": "image/png", "buffer": coloured("blue")}])
    page.wait_for_selector("#cards .wrong:not([hidden])")
    assert "OLH685" in page.inner_text(".wrong")
    page.context.close()


def test_the_agreement_is_written_beside_the_model(model, tmp_path, capsys):
    assert main(["export", str(model), "--to", "web", "--into", str(tmp_path / "site")]) == 0
    told = " ".join(capsys.readouterr().err.split())
    assert "probabilities differ by at most" in told
    assert "decodes large JPEGs whole" in told
    about = json.loads((tmp_path / "site" / "model.json").read_text())
    assert about["agreement"] < 1e-5
    assert about["pictures_compared"] == 4
    assert about["names"] == list(NAMES)


def test_half_precision_halves_the_weights_and_says_what_it_costs(tmp_path, capsys):
    kernel = {"k": array(64, 3, 3, 3), "b": array(64)}
    (tmp_path / "m.onnx").write_bytes(with_last([node("Conv", ["planes", "k", "b"], ["x"])], kernel))
    assert main(["export", str(tmp_path / "m.onnx"), "--to", "web", "--into", str(tmp_path / "whole")]) == 0
    assert main(["export", str(tmp_path / "m.onnx"), "--to", "web", "--half", "--into", str(tmp_path / "half")]) == 0
    assert "half precision" in capsys.readouterr().err
    sizes = [(tmp_path / name / "network.bin").stat().st_size for name in ("half", "whole")]
    assert sizes[0] < 0.55 * sizes[1]


def test_a_page_is_not_replaced_without_a_word(model, tmp_path, capsys):
    for into, told in ((tmp_path / "site", "--force"), (tmp_path / "page.html", "--force")):
        arguments = ["export", str(model), "--into", str(into), "--to", "web", *(["--single-file"] if into.suffix else [])]
        assert main(arguments) == 0
        assert main(arguments) == 2
        assert told in capsys.readouterr().err
        assert main([*arguments, "--force"]) == 0


def test_flags_that_do_not_go_together_are_refused(model, tmp_path, capsys):
    assert main(["export", str(model), "--to", "onnx", "--single-file"]) == 2
    assert "--to web" in " ".join(capsys.readouterr().err.split())
    assert main(["export", str(model), "--single-file", "--into", str(tmp_path / "page.htm")]) == 2
    assert ".html" in capsys.readouterr().err
    with pytest.raises(UsageError) as error:
        olhar.export(model, tmp_path / "m.onnx", half=True)
    assert_says(error, "--half", "--to web")


def test_an_operation_that_the_page_does_not_have_leaves_nothing_behind(tmp_path):
    bundle = with_last([node("Cos", ["planes"], ["x"])], {})
    with pytest.raises(ModelError) as error:
        page_of(bundle, tmp_path / "site")
    assert_says(error, "Cos", "--to onnx")
    assert not (tmp_path / "site").exists()


def test_a_run_and_a_keras_file_become_pages(run, tmp_path):
    from tests.keras_files.keras_eyes import colours

    olhar.export(run.path, tmp_path / "run.html")
    source = colours(tmp_path / "m.h5")
    olhar.inspect(source, scaling="-1..1", classes=["blue", "green", "red"], save=True)
    assert (olhar.export(source, tmp_path / "keras", form="web") / "index.html").is_file()


def test_the_check_picture_is_the_same_every_time(model):
    signature = Predictor.open(model).signature
    assert check_pictures(signature, 2)[0].tobytes() == check_pictures(signature, 1)[0].tobytes()


@needs_chromium
@pytest.mark.parametrize(("half", "by_picture"), [(False, False), (True, False), (False, True), (True, True)])
def test_a_picture_unlike_anything_seen_is_told_as_python_tells_it(browser, model, tmp_path, half, by_picture):
    telling = telling_strangers(Predictor.open(model), by_picture)
    page_of(telling.serialised(), tmp_path / "page.html", half=half)
    page = opened(browser, (tmp_path / "page.html").as_uri(), said := [])
    for colour, why in (("#1e1edc", ""), ("gray", "unlike")):
        data = coloured(colour)
        _, unlikeness = telling.answers(telling.prepare(data)[None])
        received = page.evaluate(UNLIKENESS, base64.b64encode(data).decode())
        assert telling(data).why == why
        assert received["unlikeness"] == pytest.approx(
            float(unlikeness[0]), rel=0.02 if half else 1e-4, abs=0.02 if half else 1e-4
        )
        assert len(received["probabilities"]) == len(telling.classes)
        page.set_input_files("#choose", [{"name": "a.png", "mimeType": "image/png", "buffer": data}])
        page.wait_for_selector("#cards .told:not([hidden])")
        assert page.inner_text("#cards .best") == "Blue"
        assert page.inner_text("#cards .doubt") == ("Unlike anything it has seen" if why else "")
        page.click("#clear")
    page.context.close()
    assert said == []


def test_an_unlikeness_that_comes_out_otherwise_is_refused(model, tmp_path, monkeypatch):
    telling = telling_strangers(Predictor.open(model)).serialised()

    def off(*arguments):
        numbers = computed(*arguments)
        numbers[:, -1] += 0.5
        return numbers

    monkeypatch.setattr("olhar.exports.web.export.computed", off)
    with pytest.raises(ModelError) as error:
        page_of(telling, tmp_path / "page.html")
    assert_says(error, "tiny")
    assert not (tmp_path / "page.html").exists()


def test_a_model_that_tells_strangers_is_written_by_its_probabilities(tmp_path):
    rng = np.random.default_rng(0)
    bundle = tiny([node("GlobalAveragePool", ["planes"], ["x"])], {"last": array(3, 3, seed=3)})
    signature, values = Predictor.from_bytes(bundle, "tiny").signature, rng.normal(size=(60, 3)).astype(np.float32)
    far = class_distance(values, np.arange(60) % 3)
    found = unlikeness({"probabilities": far}, {"probabilities": far(values)}, np.full((60, 3), 1 / 3, np.float32))
    assert found is not None
    telling, _ = with_unlikeness(bundle, signature, found)
    assert page_of(telling, tmp_path / "page.html").is_file()
