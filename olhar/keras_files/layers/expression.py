"""A person's formula for a Lambda layer (``x/255 - 0.5``): parsed into arithmetic on tensors, never evaluated."""

import ast

from olhar.base.errors import ModelError
from olhar.keras_files.layers.call import LayerCall, Value

_LONGEST = 200
_LARGEST = 1e12
_KINDS: dict[type, str] = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide"}


def lower_expression(call: LayerCall, text: str) -> Value:
    """The nodes of ``text``, in which ``x`` is the layer's input.

    Raises:
        ModelError: anything but numbers, ``x``, the four operations and parentheses.
    """
    try:
        if len(text) > _LONGEST:
            raise ValueError(text)
        result = _lower(call, ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise ModelError("keras.formula", layer=call.spec.name, formula=text[:60]) from error
    if not isinstance(result, Value):
        raise ModelError("keras.formula", layer=call.spec.name, formula=text[:60])
    return result


def _lower(call: LayerCall, tree: ast.expr) -> Value | float:
    match tree:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool) and abs(number) < _LARGEST:
            return float(number)
        case ast.Name(id="x"):
            return call.x
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            return call.arithmetic("multiply", _lower(call, operand), -1.0 if isinstance(sign, ast.USub) else 1.0)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _KINDS:
            return call.arithmetic(_KINDS[type(op)], _lower(call, left), _lower(call, right))
        case _:
            raise ValueError(ast.dump(tree)[:60])
