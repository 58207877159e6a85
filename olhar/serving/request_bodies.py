"""Request bodies: what each address takes, as ``/openapi.json`` describes it; ``most`` pictures at once."""

from typing import Any

from olhar.serving.inference_tensors import INPUT

_BASE64: dict[str, Any] = {
    "type": "string",
    "format": "byte",
    "minLength": 1,
    "description": "the file of a picture as base64, with or without data:image/...;base64, before it",
}
_FILE = {"type": "string", "format": "binary", "minLength": 1}
# Of many, an empty one is told in its own place, and the others are answered: the request fits.
_FILES: dict[str, Any] = {"type": "string", "format": "binary"}
_B64 = {"type": "object", "required": ["b64"], "properties": {"b64": _BASE64}, "additionalProperties": False}
_ALSO = "The fields image, img, photo and the like are taken too."
_COLUMNS = "inputs in place of instances gives outputs in place of predictions."
_BEHIND = "the JSON, and the bytes of its tensors behind it"


def pictures_body(most: int) -> dict[str, Any]:
    """A form, a picture as it is, or JSON with base64."""
    either = [_object(image=_BASE64), _object(images=_up_to(most, _BASE64))]
    return _body(
        {
            "multipart/form-data": _object(file=_up_to(most, _FILES)) | {"description": _ALSO},
            "image/*": _FILE,
            "application/octet-stream": _FILE,
            "application/json": {"anyOf": either},
        }
    )


def instances_body(most: int) -> dict[str, Any]:
    """TensorFlow Serving's rows of encoded pictures."""
    return _body({"application/json": _object(instances=_up_to(most, _B64)) | {"description": _COLUMNS}})


def tensors_body(most: int) -> dict[str, Any]:
    """The Open Inference Protocol's tensors."""
    shape = {"type": "array", "minItems": 1, "maxItems": 4, "items": {"type": "integer", "minimum": 1}}
    kind, data = {"const": "BYTES"}, _up_to(most, _BASE64)
    tensor = _object(name={"const": INPUT}, datatype=kind, shape=shape, data=data)
    behind = {"type": "string", "format": "tensors", "description": _BEHIND}
    return _body({"application/json": _object(inputs=_up_to(1, tensor)), "application/octet-stream": behind})


def _body(kinds: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema} for kind, schema in kinds.items()}}}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    """An object that has all of these."""
    return {"type": "object", "required": [*properties], "properties": properties}


def _up_to(most: int, items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "maxItems": most, "items": items}
