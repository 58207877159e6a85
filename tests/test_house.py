"""The tests that hold the house: who may import whom, what needs torch, and what is public."""

import ast
import subprocess
import sys
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import olhar

ROOT = Path(olhar.__file__).parent
ROOMS = (
    *("base", "evaluation", "data", "graph", "keras_files", "bundle", "foreign", "bodies", "models", "training", "runs"),
    *("reporting", "networks", "exports", "jobs", "studies", "serving", "scale", "verbs", "cli"),
)
"""The rooms in the data's order: each may use those before it."""

NEED_TORCH = {
    "models": (
        *("classifier", "cnn", "fine_tuned", "frozen_part", "layers", "learning_body", "own_module", "quick"),
        *("resnet", "separable", "to_onnx", "vgg", "zoo"),
    ),
    "graph": ("from_torch", "to_torch"),
    "training": (
        *("abilities", "augment", "augment_colour", "augment_geometry", "augment_mixing", "averaging", "budget"),
        *("calibrate", "engine"),
        *("forward", "last_blocks", "loop", "loss", "memory", "muon", "optimizer", "process", "speed", "state", "symptoms"),
        *("train_mode", "views"),
    ),
    "runs": ("checkpoint",),
    "networks": ("fine_tuning", "ours", "reopened", "speed"),
    "jobs": ("blocks_plan", "last_blocks", "learn", "learn_blocks", "session", "variations"),
    "studies": ("bordered", "judging_part", "label_check", "trial_loop", "trial_part", "trials"),
}
"""The modules in which a network learns; every other one is imported without torch."""

OF_A_WHOLE_ROOM = {
    "data/test_array_cases.py": "cases of arrays, pictures and other forms meet the whole room",
    "data/test_case_table.py": "the page of cases is of the whole room",
    "data/formats/test_array_fuzz.py": "damaged files meet every reader of arrays",
    "data/folders/test_empty_folders.py": "folders and archives alike",
    "base/test_sentences.py": "the catalogues meet all the code",
    "exports/web/test_resizing.py": "its subject is a script of the page",
    "keras_files/test_fuzz.py": "a damaged file meets every reader and layer",
    "keras_files/test_safety.py": "a hostile file meets every reader and layer",
    "scale/test_cluster_files.py": "examples of clusters name what the whole room asks for",
    "scale/test_cluster_page.py": "what the page has to be typed meets the whole room",
    "scale/test_packets.py": "whatever the room starts may send packets",
    "scale/test_two_nodes.py": "two nodes meet the whole room",
    "serving/test_client_examples.py": "the clients of examples/clients meet the whole server",
    "serving/test_hazards.py": "every hazard meets every entry",
    "serving/test_load.py": "many at once meet the whole server",
    "serving/test_page_camera.py": "the camera meets the page",
    "serving/test_page_many.py": "many pictures meet the page and its table",
    "serving/test_page_model.py": "what there is to know of models meets the page",
    "verbs/test_archives.py": "a folder of archives meets the verbs",
    "serving/test_texts.py": "sentences stand in the answers and on the page",
}
"""The tests of rooms that bear no module's name, and why."""


def name_of(path: Path) -> str:
    """The dotted name of a module below ``olhar``."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


MODULES = {name_of(path): path for path in ROOT.rglob("*.py") if path.name not in ("__init__.py", "__main__.py")}


def imports(path: Path) -> set[str]:
    """The modules of olhar that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("olhar."):
            base = (node.module or "").removeprefix("olhar.")
            found.update(full if (full := f"{base}.{alias.name}") in MODULES else base for alias in node.names)
        elif isinstance(node, ast.Import):
            found.update(alias.name.removeprefix("olhar.") for alias in node.names if alias.name.startswith("olhar."))
    return found


IMPORTS = {name: imports(path) for name, path in MODULES.items()}


def test_imports_go_down_the_house_only():
    upward = [
        f"{name} -> {other}"
        for name, others in IMPORTS.items()
        for other in others
        if ROOMS.index(other.split(".")[0]) > ROOMS.index(name.split(".")[0])
    ]
    assert not upward


def test_the_front_door_alone_names_the_cluster():
    assert {name for name, others in IMPORTS.items() if any(other.split(".")[0] == "scale" for other in others)} <= {
        "verbs.on",
        *(name for name in MODULES if name.startswith("scale.")),
    }


def test_every_room_has_its_place():
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert rooms == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_no_two_modules_of_a_room_import_each_other(room: str):
    inside = {name: others & IMPORTS.keys() for name, others in IMPORTS.items() if name.split(".")[0] == room}
    try:
        TopologicalSorter(inside).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_no_two_public_classes_share_a_name():
    """But for the shapes of the server's answers, whose names clients read in ``/openapi.json``."""
    places = Counter(
        node.name
        for name, path in MODULES.items()
        if name != "serving.schemas"
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert not [name for name, count in places.items() if count > 1]


def test_tests_stand_where_their_subject_does():
    """A test below a room is named after a module of that room, or after the room itself."""
    tests = Path(__file__).parent
    paths = {path.relative_to(tests).as_posix() for path in tests.glob("*/**/test_*.py")}
    named = {path for path in paths if not (ROOT / path).with_name(Path(path).name.removeprefix("test_")).exists()}
    assert {path for path in named if Path(path).stem != f"test_{Path(path).parent.name}"} == OF_A_WHOLE_ROOM.keys()


def test_no_room_bears_the_name_of_a_public_function():
    assert not set(olhar.__all__) & set(ROOMS)


def test_what_needs_no_torch_is_imported_where_there_is_none():
    need = {f"{room}.{name}" for room, names in NEED_TORCH.items() for name in names}
    assert need <= MODULES.keys()
    blocked = ("torch", "onnxscript", "keras", "ai_edge_litert", "optuna", "tensorboard", "mlflow", "ray", "grpc")
    code = (
        "import importlib, sys\n"
        f"for name in {blocked!r}: sys.modules[name] = None\n"
        f"for name in {sorted(MODULES.keys() - need)!r}: importlib.import_module('olhar.' + name)\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_importing_olhar_loads_nothing_heavy():
    heavy = ["torch", "numpy", "onnxruntime", "PIL", "sklearn", "matplotlib", "rich", "click"]
    code = f"import sys, olhar\nfound = [m for m in {heavy!r} if m in sys.modules]\nassert not found, found"
    subprocess.run([sys.executable, "-c", code], check=True)
