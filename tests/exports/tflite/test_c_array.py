"""A model as C: its names are C's, and no class ends a comment or a string."""

import shutil
import subprocess

import pytest

from olhar.base.signature import Signature
from olhar.exports.tflite.c_array import c_array
from tests.exports.tflite.test_boards import chain

HOSTILE = ('a"; int x = 1; //', "b\\", "trigraph ??/", "linha\nnova", "\u202e\u2028ação", "*/ int y;")


@pytest.mark.parametrize("stem", ["flores", "2 flôres-ñ", "a b", "-x"])
def test_a_compiler_takes_it_whatever_the_classes_are_called(stem, tmp_path):
    compiler = shutil.which("g++") or shutil.which("clang++")
    if compiler is None:
        pytest.skip("no C++ compiler here")
    signature = Signature(tuple("abcdef"), HOSTILE, 8, 9, 1, "stretch", (0.0,), (1.0,))
    files = c_array(bytes(range(256)), stem, signature, chain("CONV_2D", "SOFTMAX", kind="FLOAT32"))
    for end, text in files.items():
        (tmp_path / f"{stem}{end}").write_bytes(text)
    name = next(line for line in files[".h"].decode().splitlines() if "_data[]" in line).split()[-1].removesuffix("_data[];")
    program = f"""#include "{stem}.h"
#include <cstdio>
int main() {{
  for (unsigned i = 0; i < {name}_data_len; ++i) if ({name}_data[i] != i) return 1;
  for (const char* label : {name}_labels) std::printf("%s\\n", label);
  return {name}_height == 8 && {name}_width == 9 && {name}_channels == 1 && {name}_classes == 6 && {name}_operators == 2
    && {name}_least_arena == 608 ? 0 : 2;
}}"""
    (tmp_path / "main.cc").write_text(program)
    built = [compiler, "-std=c++17", "-Wall", "-Werror", "-I", str(tmp_path), "main.cc", f"./{stem}.cc", "-o", "program"]
    subprocess.run(built, cwd=tmp_path, check=True)
    told = subprocess.run([str(tmp_path / "program")], capture_output=True, check=True).stdout.decode()
    assert told == "".join(f"{label}\n" for label in HOSTILE)
