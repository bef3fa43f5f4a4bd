"""The photos on the demo's complaints, drawn by this module."""

from __future__ import annotations

import io
import math
import random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (800, 600)
TABLES = ((201, 178, 149), (176, 186, 190), (214, 205, 190), (150, 140, 128))
GLAZES = ((38, 92, 120), (178, 84, 52), (226, 221, 208), (74, 110, 82))
INSIDE = (34, 30, 28)

# Complaints with this text get a photo.
PHOTOGRAPHED = "a chip in the rim"


def draw_chipped_mug(seed: int) -> bytes:
    """Returns a JPEG of a mug with a crack and a chip; the same for the same seed."""
    chance = random.Random(seed)
    table = chance.choice(TABLES)
    image = Image.new("RGB", SIZE, table)
    draw = ImageDraw.Draw(image)
    for _grain in range(60):
        y = chance.randrange(SIZE[1])
        shade = tuple(max(0, part - chance.randrange(4, 14)) for part in table)
        draw.line([(0, y), (SIZE[0], y + chance.randrange(-12, 12))], fill=shade, width=2)
    left, top = 250 + chance.randrange(-40, 40), 165 + chance.randrange(-25, 25)
    right, bottom = left + 266, top + 294
    draw.ellipse([left - 14, bottom - 26, right + 86, bottom + 46], fill=(90, 80, 72))
    image = image.filter(ImageFilter.GaussianBlur(6))
    draw = ImageDraw.Draw(image)
    glaze = chance.choice(GLAZES)
    dark = tuple(part * 3 // 4 for part in glaze)
    draw.arc([right - 76, top + 60, right + 80, bottom - 74], -95, 95, fill=dark, width=30)
    draw.rectangle([left, top, right, bottom], fill=glaze)
    draw.ellipse([left, bottom - 36, right, bottom + 36], fill=glaze)
    draw.rectangle([right - 60, top, right, bottom], fill=dark)
    draw.ellipse([left, top - 40, right, top + 40], fill=glaze)
    draw.ellipse([left + 15, top - 28, right - 15, top + 29], fill=INSIDE)
    x, y = left + chance.randrange(60, 146), top + 39
    draw.polygon(
        [(x - 23, y - 9), (x - 5, y + 23), (x + 15, y + 12), (x + 27, y - 12)], fill=(238, 232, 220)
    )
    crack: list[tuple[float, float]] = [(x, y + 20)]
    for step in range(1, 8):
        crack.append((x + math.sin(step * 2.1) * 12 + chance.randrange(-6, 6), y + 20 + step * 24))
    draw.line(crack, fill=(28, 24, 22), width=3)
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1)).save(out, "JPEG", quality=82)
    return out.getvalue()
