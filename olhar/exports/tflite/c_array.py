"""A TFLite file as C: its bytes for a program that has no file system, and what such a program has to know of it."""

import re
from collections.abc import Iterator

from olhar.base.signature import Signature
from olhar.exports.tflite.boards import least_arena, missing_on_boards, resolver_calls
from olhar.exports.tflite.plan import OperatorPlan

_A_LINE = 16


def c_array(model: bytes, stem: str, signature: Signature, plan: OperatorPlan) -> dict[str, bytes]:
    """The two files of an array, by their endings: ``.h`` declares what ``.cc`` holds.

    Args:
        model: the bytes.
        stem: the name of the file, from which those in C are made.
        signature: the contract of the model.
        plan: what is computed.
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
        *_numbers(name, plan),
        *_needs(name, plan),
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


def _numbers(name: str, plan: OperatorPlan) -> Iterator[str]:
    """What goes in and comes out, and what whole numbers of eight bits stand for."""
    given, answer = plan.picture.quantization, plan.answer.quantization
    if given is None or answer is None:
        yield "// In: uint8, levels of 0..255 as they are. Out: float, a probability a class."
        return
    yield "// In: int8, a level of 0..255 less 128. Out: int8, probability = output_scale * (q - output_zero_point)."
    for about, quantization in (("input", given), ("output", answer)):
        yield f"constexpr float {name}_{about}_scale = {quantization.scale:.9e}f;"
        yield f"constexpr int {name}_{about}_zero_point = {quantization.zero};"


def _needs(name: str, plan: OperatorPlan) -> Iterator[str]:
    """The operators that a resolver of TensorFlow Lite Micro registers, and the least memory."""
    calls = resolver_calls(plan)
    yield f"// tflite::MicroMutableOpResolver<{name}_operators> registers: {', '.join(calls)}."
    if missing := missing_on_boards(plan):
        yield f"// TensorFlow Lite Micro may not have: {', '.join(missing)}."
    yield f"constexpr int {name}_operators = {len(calls)};"
    yield "// What is computed takes so many bytes of the arena; the interpreter takes more: arena_used_bytes() tells how much."
    yield f"constexpr unsigned {name}_least_arena = {least_arena(plan)};"


def _said(label: str) -> str:
    """A name that ends no comment and goes on into no other line."""
    return "".join(letter if letter.isprintable() and letter not in "\\?" else " " for letter in label)


def _literal(label: str) -> str:
    """A string of C, byte by byte where it is not plain."""
    plain = "".join(chr(b) if 32 <= b < 127 and b not in b'"\\?' else f"\\{b:03o}" for b in label.encode("utf-8"))
    return f'"{plain}"'
