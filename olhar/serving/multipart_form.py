"""A multipart body, piece by piece, as the bytes of its pictures. Held in memory; names of files are dropped unread."""

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from olhar.serving.refusals import Refusal

FIELDS = (b"file", b"image", b"imagefile", b"img", b"photo", b"picture", b"files", b"images", b"imagem", b"foto", b"arquivo")
"""The names under which a picture may come: those that clients and pages of this field use."""

_HEADER_BYTES = 16_384
_HEADER_COUNT = 16


class MultipartForm:
    """The pictures of a multipart body.

    Args:
        boundary: what stands between the parts.
        limit: the most parts.

    Raises:
        Refusal: no boundary, or one that cannot be.
    """

    def __init__(self, boundary: bytes, limit: int) -> None:
        self._limit = limit
        self._parts = 0
        self._whole = False
        self._name = b""
        self._value = b""
        self._picture: bytearray | None = None
        self._found: list[bytes] = []
        if not boundary:
            raise Refusal("serve.multipart")
        self._parser = self._made(boundary)

    def write(self, chunk: bytes) -> None:
        """Read on.

        Raises:
            Refusal: not a multipart body, a part's head is too long, or there are too many parts.
        """
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise Refusal("serve.multipart") from error

    def pictures(self) -> list[bytes]:
        """What came under one of ``FIELDS``, in its order.

        Raises:
            Refusal: the body ended before its last boundary.
        """
        if not self._whole:
            raise Refusal("serve.multipart")
        return self._found

    def _made(self, boundary: bytes) -> MultipartParser:
        try:
            return MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._header_field,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_part_data": self._data,
                    "on_part_end": self._end,
                    "on_end": self._finish,
                },
                max_header_size=_HEADER_BYTES,
                max_header_count=_HEADER_COUNT,
            )
        except FormParserError as error:
            raise Refusal("serve.multipart") from error

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > self._limit:
            raise Refusal("serve.too_many", limit=self._limit, flag="--max-pictures")
        self._name = self._value = b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            if options.get(b"name") in FIELDS:
                self._picture = bytearray()
        self._name = self._value = b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._picture is not None:
            self._picture += data[start:end]

    def _end(self) -> None:
        if self._picture is not None:
            self._found.append(bytes(self._picture))
        self._picture = None

    def _finish(self) -> None:
        self._whole = True
