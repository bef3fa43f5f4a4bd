"""Decodes a picture, turns it upright and encodes it again without metadata; makes a thumbnail.

A script that `checking` runs with limits: a picture of some kilobytes can decode to gigabytes.
Its input is the file, its first argument Pillow's name of the format, its second the most pixels.
Its output is a line of JSON (`width`, `height`, `size` of the picture in bytes), the picture and
the thumbnail. A picture that cannot be decoded ends it with exit code 1.
"""

from __future__ import annotations

import io
import json
import sys

from PIL import Image

THUMBNAIL_SIZE = 320  # pixels of the longer side
# EXIF 2.3, 4.6.4: the transposition that turns a picture upright, by its orientation tag.
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def redraw(
    content: bytes, picture_format: str, most_pixels: int
) -> tuple[Image.Image, bytes, bytes]:
    """Returns the upright picture, the encoded one and the thumbnail. Raises Pillow's errors."""
    Image.MAX_IMAGE_PIXELS = most_pixels
    with Image.open(io.BytesIO(content), formats=[picture_format]) as opened:
        if opened.width * opened.height > most_pixels:
            raise ValueError("too many pixels")
        opened.load()
        colour_profile = opened.info.get("icc_profile")
        picture = _upright(opened)
    del opened  # frees the pixels of a picture that was turned
    return picture, _encode(picture, picture_format, colour_profile), _thumbnail(picture)


def _upright(picture: Image.Image) -> Image.Image:
    """Returns the picture, turned by its orientation tag unless the metadata are invalid."""
    try:
        turn = TURNS.get(picture.getexif().get(ORIENTATION, 1))
    except Exception:  # invalid metadata are no reason to refuse the picture
        turn = None
    return picture if turn is None else picture.transpose(turn)


def _encode(picture: Image.Image, picture_format: str, colour_profile: bytes | None) -> bytes:
    """Returns the encoded picture, with its colour profile and no other metadata."""
    for name in picture.info.keys() - {"transparency"}:
        del picture.info[name]
    out = io.BytesIO()
    options: dict[str, object] = {"icc_profile": colour_profile} if colour_profile else {}
    if picture_format == "JPEG":
        options |= {"quality": 90, "optimize": True}
    elif picture_format == "WEBP":
        options |= {"quality": 90}
    picture.save(out, picture_format, exif=b"", **options)
    return out.getvalue()


def _thumbnail(picture: Image.Image) -> bytes:
    scale = min(1.0, THUMBNAIL_SIZE / max(picture.size))
    size = tuple(max(1, round(each * scale)) for each in picture.size)
    # Without a copy of the whole picture; modes of 16 bits cannot be reduced.
    is_deep = picture.mode.startswith(("I", "F"))
    small = picture.resize(size, reducing_gap=None if is_deep else 2.0)
    if is_deep:
        small = small.convert("L")
    if small.mode in ("RGBA", "LA", "PA") or (small.mode == "P" and "transparency" in small.info):
        background = Image.new("RGBA", small.size, "white")
        small = Image.alpha_composite(background, small.convert("RGBA"))
    out = io.BytesIO()
    small.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


def main() -> None:
    """Reads the picture and writes the result."""
    picture, encoded, thumbnail = redraw(sys.stdin.buffer.read(), sys.argv[1], int(sys.argv[2]))
    head = {"width": picture.width, "height": picture.height, "size": len(encoded)}
    out = sys.stdout.buffer
    out.write(json.dumps(head).encode() + b"\n")
    out.write(encoded)
    out.write(thumbnail)


if __name__ == "__main__":
    main()
