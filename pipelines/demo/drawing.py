"""Pictures for pages that have no photographer: calm hills in colours drawn from a name."""

import colorsys
from zlib import crc32

_WIDTH, _HEIGHT = 960, 540


def draw_image(name: str) -> str:
    """An SVG drawing that is always the same for the same name."""
    seed = crc32(name.encode())
    hue = (seed % 360) / 360
    layers = []
    for number in range(4):
        top = 200 + number * 80 + (seed >> (4 * number)) % 60
        bend = (seed >> (3 * number + 2)) % 160 - 80
        colour = _colour(hue + number * 0.03, 0.62 - number * 0.13)
        layers.append(
            f'<path fill="{colour}" d="M0 {top} C 240 {top + bend}, 480 {top - bend}, 960 {top} '
            f'V {_HEIGHT} H 0 Z"/>'
        )
    sun_x = 160 + seed % 640
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}"><rect width="100%" height="100%" '
        f'fill="{_colour(hue, 0.88)}"/><circle cx="{sun_x}" cy="150" r="56" '
        f'fill="{_colour(hue + 0.5, 0.8)}"/>{"".join(layers)}</svg>'
    )


def _colour(hue: float, lightness: float) -> str:
    red, green, blue = colorsys.hls_to_rgb(hue % 1, lightness, 0.38)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
