"""The two tests that hold the house: who may import whom, and what is public."""

import ast
import subprocess
import sys
from pathlib import Path

import olhar

ROOT = Path(olhar.__file__).parent
FLOORS = [
    {"base"},
    {"data"},
    {"models", "keras_files", "bundle"},
    {"training"},
    {"runs"},
    {"evaluation"},
    {"serving", "reporting"},
    {"verbs"},
    {"cli"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
NO_TORCH = ("base", "data", "keras_files", "bundle", "serving", "evaluation", "reporting")


def imports(path: Path) -> set[str]:
    """The modules of olhar that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found


def test_imports_go_down_the_house_only():
    wrong = []
    for path in ROOT.rglob("*.py"):
        room = path.relative_to(ROOT).parts[0]
        if room not in FLOOR:
            continue
        for module in imports(path):
            target = module.split(".")[1] if module.startswith("olhar.") else ""
            if target in FLOOR and target != room and FLOOR[target] >= FLOOR[room]:
                wrong.append(f"{path.relative_to(ROOT)} -> {target}")
    assert not wrong


def test_every_room_has_its_floor():
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert rooms <= set(FLOOR)


def test_public_names_are_what_is_listed():
    assert sorted(olhar.__all__) == sorted(olhar._WHERE)
    for name in olhar.__all__:
        assert getattr(olhar, name).__doc__, f"olhar.{name} says nothing of itself"
    assert set(olhar.__all__) <= set(dir(olhar))


def test_no_room_bears_the_name_of_a_public_function():
    assert not set(olhar.__all__) & set(FLOOR)


def test_rooms_without_torch_do_not_import_it():
    rooms = [room for room in NO_TORCH if (ROOT / room).is_dir()]
    modules = [
        ".".join(("olhar", *path.relative_to(ROOT).with_suffix("").parts))
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        if path.name not in ("__init__.py", "to_torch.py", "from_torch.py", "tuning.py", "frozen.py")
    ]
    code = f"import sys, importlib\nfor m in {modules!r}: importlib.import_module(m)\nassert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_packing_pictures_needs_no_torch():
    code = "import sys, olhar.verbs.pack, olhar.verbs.datasets\nassert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_importing_olhar_loads_nothing_heavy():
    heavy = ["torch", "numpy", "onnxruntime", "PIL", "sklearn", "matplotlib", "rich", "click"]
    code = f"import sys, olhar\nfound = [m for m in {heavy!r} if m in sys.modules]\nassert not found, found"
    subprocess.run([sys.executable, "-c", code], check=True)
