"""The outlines of boxes as SVG: a shape for a kind of thing, which tells them apart without colour."""

from __future__ import annotations

from collections.abc import Callable

from graphsvc.diagrams.style import PAPER, Look

Size = tuple[float, float, float, float]
_FOLD, _CUT = 8.0, 6.0


def number(value: float) -> str:
    """`value` as SVG writes it here: two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"


def outline(look: Look, x: float, y: float, wide: float, high: float, *, proposed: bool) -> str:
    """The SVG of the shape of `look` in that place; with dashes around what is only proposed."""
    dashes = ' stroke-dasharray="4 2.5"' if proposed or look.shape == "note" else ""
    paint = f'fill="{look.fill}" stroke="{look.line}" stroke-width="{0.9 if not proposed else 1.3}"{dashes}'
    return _SHAPES[look.shape]((x, y, wide, high), paint, look)


def _rectangle(size: Size, paint: str, radius: float = 0.0) -> str:
    x, y, wide, high = map(number, size)
    round_corners = f' rx="{number(radius)}"' if radius else ""
    return f'<rect x="{x}" y="{y}" width="{wide}" height="{high}"{round_corners} {paint}/>'


def _polygon(points: list[tuple[float, float]], paint: str) -> str:
    return f'<path d="M{" L".join(f"{number(x)} {number(y)}" for x, y in points)} Z" {paint}/>'


def _plain(size: Size, paint: str, look: Look) -> str:
    return _rectangle(size, paint)


def _rounded(size: Size, paint: str, look: Look) -> str:
    return _rectangle(size, paint, 4)


def _pill(size: Size, paint: str, look: Look) -> str:
    return _rectangle(size, paint, min(size[3] / 2, 10))


def _double(size: Size, paint: str, look: Look) -> str:
    x, y, wide, high = size
    radius = min(high / 2, 10)
    inner = f'fill="none" stroke="{look.line}" stroke-width="0.6"'
    return _rectangle(size, paint, radius) + _rectangle((x + 2, y + 2, wide - 4, high - 4), inner, radius - 2)


def _bar(size: Size, paint: str, look: Look) -> str:
    x, y, _, high = size
    return _rectangle(size, paint) + _rectangle((x - 0.6, y - 0.6, 4.2, high + 1.2), f'fill="{look.line}"')


def _page(size: Size, paint: str, look: Look) -> str:
    x, y, wide, high = size
    right, bottom = x + wide, y + high
    sheet = [(x, y), (right - _FOLD, y), (right, y + _FOLD), (right, bottom), (x, bottom)]
    fold = [(right - _FOLD, y), (right - _FOLD, y + _FOLD), (right, y + _FOLD)]
    return _polygon(sheet, paint) + _polygon(fold, f'fill="{PAPER}" stroke="{look.line}" stroke-width="0.7"')


def _chamfer(size: Size, paint: str, look: Look) -> str:
    x, y, wide, high = size
    right, bottom = x + wide, y + high
    cut = min(_CUT, high / 3)
    corners = [(x + cut, y), (right - cut, y), (right, y + cut), (right, bottom - cut)]
    corners += [(right - cut, bottom), (x + cut, bottom), (x, bottom - cut), (x, y + cut)]
    return _polygon(corners, paint)


def _tag(size: Size, paint: str, look: Look) -> str:
    x, y, wide, high = size
    right, bottom = x + wide, y + high
    return _polygon([(x, y), (right - _FOLD, y), (right, y + high / 2), (right - _FOLD, bottom), (x, bottom)], paint)


_SHAPES: dict[str, Callable[[Size, str, Look], str]] = {
    "plain": _plain, "note": _plain, "rounded": _rounded, "pill": _pill, "double": _double, "bar": _bar, "page": _page,
    "chamfer": _chamfer, "tag": _tag,
}  # fmt: skip
