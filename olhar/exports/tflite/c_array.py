"""A TFLite file as C: its bytes for a program that has no file system, with the shape of a picture and the classes."""

import re

from olhar.base.signature import Signature

_A_LINE = 16


def c_array(model: bytes, stem: str, signature: Signature) -> dict[str, bytes]:
    """The two files of an array, by their endings: ``.h`` declares what ``.cc`` holds.

    Args:
        model: the bytes.
        stem: the name of the file, from which those in C are made.
        signature: the contract of the model.
    """
    name = re.sub(r"\W|^(?=\d)", "_", stem, flags=re.ASCII)
    height, width, channels = signature.shape
    about = [
        f"// A picture: {height} x {width} x {channels} ({'RGB' if channels == 3 else 'gray'}), a row after the other.",
        *(f"// {number}: {_said(label)}" for number, label in enumerate(signature.names)),
    ]
    header = [
        *about,
        "#pragma once",
        f"constexpr int {name}_height = {height}, {name}_width = {width}, {name}_channels = {channels};",
        f"constexpr int {name}_classes = {len(signature.names)};",
        f"extern const char* const {name}_labels[{len(signature.names)}];",
        f"extern const unsigned char {name}_data[];",
        f"extern const unsigned int {name}_data_len;",
    ]
    rows = (", ".join(map(str, model[at : at + _A_LINE])) for at in range(0, len(model), _A_LINE))
    source = [
        f'#include "{stem}.h"',
        f"const char* const {name}_labels[{len(signature.names)}] = {{{', '.join(map(_literal, signature.names))}}};",
        f"alignas(16) const unsigned char {name}_data[] = {{",
        *(f"  {row}," for row in rows),
        "};",
        f"const unsigned int {name}_data_len = {len(model)};",
    ]
    return {".h": "\n".join([*header, ""]).encode(), ".cc": "\n".join([*source, ""]).encode()}


def _said(label: str) -> str:
    """A name that ends no comment and goes on into no other line."""
    return "".join(letter if letter.isprintable() and letter not in "\\?" else " " for letter in label)


def _literal(label: str) -> str:
    """A string of C, byte by byte where it is not plain."""
    plain = "".join(chr(b) if 32 <= b < 127 and b not in b'"\\?' else f"\\{b:03o}" for b in label.encode("utf-8"))
    return f'"{plain}"'
