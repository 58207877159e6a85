"""The files of a page: modules joined as browsers read them, and a policy that lets nothing out."""

import base64
import hashlib
import json
import re

from olhar.exports.web.site import Contents, folder, joined, single
from olhar.serving.page import page_source

CONTENTS = Contents(json.dumps({"names": ["</script><img src=x>"]}), "{}", bytes(range(256)))


def test_modules_become_one_script_in_which_names_do_not_meet():
    modules = {
        "a.js": "const LIMIT = 1;\nexport function one() {\n  return LIMIT;\n}\n",
        "b.js": 'import { one } from "./a.js";\nconst LIMIT = 2;\nexport const two = () => one() + LIMIT;\n',
        "c.js": 'import * as b from "./b.js";\nb.two();\n',
    }
    script = joined(modules)
    assert "import" not in script
    assert "export" not in script
    assert "return { one };" in script
    assert "const { one } = module_a;" in script
    assert script.endswith("const b = module_b;\nb.two();\n")


def test_a_folder_has_its_page_last_and_no_address_of_another_host():
    files = folder(page_source(), CONTENTS)
    assert list(files)[-1] == "index.html"
    kept = json.loads(re.search(rb"const FILES = (\[.*?\]);", files["offline.js"])[1])
    assert set(kept) == {"./", *files} - {"offline.js"}
    for name, content in files.items():
        if name not in ("kernels.wasm", "network.bin"):
            assert b"://" not in content.replace(b"http://www.w3.org/2000/svg", b""), name


def test_a_folder_has_one_script_of_its_page_that_asks_for_no_other():
    files = folder(page_source(), CONTENTS)
    assert [name for name in files if name.endswith(".js")] == ["offline.js", "page.js", "worker.js"]
    assert not re.search(rb"^(?:import|export) ", files["page.js"] + files["worker.js"], re.M)


def test_another_model_makes_another_version_that_browsers_fetch():
    first, second = (folder(page_source(), Contents("{}", "{}", bytes([n])))["offline.js"] for n in (1, 2))
    assert first != second
    assert first == folder(page_source(), Contents("{}", "{}", bytes([1])))["offline.js"]


def test_one_file_allows_its_own_script_alone_and_holds_everything():
    html = single(page_source(), CONTENTS).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)[1].replace("&#x27;", "'")
    script = re.search(r'<script type="module">(.*?)</script>', html, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}' 'wasm-unsafe-eval'" in policy
    assert "connect-src 'none'" in policy
    assert "default-src 'none'" in policy
    assert "<img src=x>" not in html
    assert not re.search(r'(?:src|href)="(?!data:)[^"#]', html)
    weights = re.search(r'id="file-network.bin">([^<]*)<', html)[1]
    assert base64.b64decode(weights) == CONTENTS.weights
