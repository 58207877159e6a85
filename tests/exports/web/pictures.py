"""One picture of each kind that people have."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms, features


def encoded(image: Image.Image, form: str, **settings) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **settings)
    return out.getvalue()


def photograph(width=210, height=160) -> Image.Image:
    rng = np.random.default_rng(11)
    coarse = Image.fromarray(rng.integers(0, 256, (7, 9, 3), dtype=np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
    noise = rng.integers(-12, 13, (height, width, 3))
    return Image.fromarray(np.clip(np.asarray(coarse).astype(int) + noise, 0, 255).astype(np.uint8))


def clear() -> Image.Image:
    """The same, from clear on the left to opaque on the right."""
    image = photograph()
    image.putalpha(Image.fromarray(np.tile(np.arange(image.width, dtype=np.uint8), (image.height, 1))))
    return image


def kinds() -> dict[str, bytes]:
    """File names -> what is in them: pictures that a browser and Python are to see alike."""
    image, see_through = photograph(), clear()
    pictures = {
        "plain.jpg": encoded(image, "JPEG", quality=90),
        "all-colours.jpg": encoded(image, "JPEG", subsampling=0),
        "progressive.jpg": encoded(image, "JPEG", progressive=True),
        "wide.jpg": encoded(image, "JPEG", icc_profile=wide_profile()),
        "wide.png": encoded(image, "PNG", icc_profile=wide_profile()),
        "cmyk.jpg": encoded(image.convert("CMYK"), "JPEG"),
        "gray.jpg": encoded(image.convert("L"), "JPEG"),
        "gray.png": encoded(image.convert("L"), "PNG"),
        "clear.png": encoded(see_through, "PNG"),
        "clear-gray.png": encoded(see_through.convert("LA"), "PNG"),
        "palette.png": encoded(image.quantize(64), "PNG"),
        "clear-palette.png": encoded(image.quantize(64), "PNG", transparency=3),
        "two-tones.png": encoded(image.convert("1"), "PNG"),
        "gray-16.png": png16(np.asarray(image.convert("L"))[..., None] * np.uint16(251) + np.uint16(77)),
        "colour-16.png": png16(np.asarray(image) * np.uint16(251) + np.uint16(77)),
        "palette.gif": encoded(image.quantize(128), "GIF"),
        "plain.bmp": encoded(image, "BMP"),
        "tower.png": encoded(image.resize((2, 900)), "PNG"),
        "small.png": encoded(image.resize((7, 5)), "PNG"),
        "dot.png": encoded(image.resize((1, 1)), "PNG"),
        "large.jpg": encoded(image.resize((1300, 900)), "JPEG", quality=92),
        "xmp.jpg": encoded(image, "JPEG", xmp=XMP),
    }
    for turn in range(1, 9):
        exif = Image.Exif()
        exif[0x112] = turn
        pictures[f"turned-{turn}.jpg"] = encoded(image, "JPEG", exif=exif)
    pictures["turned.png"] = encoded(image, "PNG", exif=exif)
    pictures["turned-to-a-tower.jpg"] = encoded(image.resize((900, 3)), "JPEG", exif=exif)
    pictures["turned-tower.jpg"] = encoded(image.resize((3, 900)), "JPEG", exif=exif)
    if features.check("webp"):
        pictures["plain.webp"] = encoded(image, "WEBP", quality=88)
        pictures["clear.webp"] = encoded(see_through, "WEBP", lossless=True)
        pictures["turned.webp"] = encoded(image, "WEBP", exif=exif)
    if features.check("avif"):
        pictures["plain.avif"] = encoded(image, "AVIF", quality=80)
    return pictures


XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
)


def wide_profile() -> bytes:
    """sRGB's profile with a far wider red: whoever converts by it gives other colours."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    entry = profile.find(b"rXYZ")
    place = struct.unpack(">I", profile[entry + 4 : entry + 8])[0]
    profile[place + 8 : place + 20] = struct.pack(">iii", 39000, 20000, 1300)
    return bytes(profile)


def png16(values: np.ndarray) -> bytes:
    """A PNG of 16 bits from (H, W, 1 or 3), interlaced not."""
    height, width, channels = values.shape

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 16, 0 if channels == 1 else 2, 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
