"""Growth as a picture: an SVG that is readable on light and on dark pages."""

from collections.abc import Iterator, Sequence
from math import floor, log10

from bench import Growth

_WIDTH, _HEIGHT = 360, 240
_LEFT, _TOP, _RIGHT, _BOTTOM = 56, 40, 16, 44
_COLUMNS = 2
_TICKS = 5

_STYLE = """\
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600; font-size: 13px }
  .axis { stroke: #6e7781 }
  .grid { stroke: #d0d7de }
  .line { stroke: #0550ae; stroke-width: 1.5; stroke-dasharray: 5 3 }
  .path { stroke: #953800; stroke-width: 1.5; fill: none }
  .point { fill: #953800 }
  .page { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .axis { stroke: #8b949e }
    .grid { stroke: #30363d }
    .line { stroke: #79c0ff }
    .path { stroke: #ffa657 }
    .point { fill: #ffa657 }
    .page { fill: #0d1117 }
  }
"""


def draw(growths: Sequence[Growth]) -> str:
    """Draw a panel for each growth: points, and the fitted line where there is one."""
    rows = -(-len(growths) // _COLUMNS)
    width, height = _COLUMNS * _WIDTH, rows * _HEIGHT
    panels = [
        f'<g transform="translate({_WIDTH * (number % _COLUMNS)} {_HEIGHT * (number // _COLUMNS)})">\n'
        + "\n".join(_panel(growth))
        + "\n</g>"
        for number, growth in enumerate(growths)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="How CPU time grows with the size of the input">\n<style>\n{_STYLE}</style>\n'
        f'<rect class="page" width="{width}" height="{height}"/>\n' + "\n".join(panels) + "\n</svg>\n"
    )


def _panel(growth: Growth) -> Iterator[str]:
    across = _ticks(max(x for x, _ in growth.points))
    up = _ticks(max(y for _, y in growth.points))

    def x_at(value: float) -> float:
        return round(_LEFT + (_WIDTH - _LEFT - _RIGHT) * value / across[-1], 1)

    def y_at(value: float) -> float:
        return round(_HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / up[-1], 1)

    yield f'<text class="title" x="{_LEFT}" y="24">CPU seconds by {growth.title}</text>'
    for tick in up:
        yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y_at(tick)}" y2="{y_at(tick)}"/>'
        yield f'<text x="{_LEFT - 8}" y="{y_at(tick) + 4}" text-anchor="end">{tick:g}</text>'
    for tick in across:
        yield f'<text x="{x_at(tick)}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{tick:g}</text>'
    yield f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y_at(0)}" y2="{y_at(0)}"/>'
    yield f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 8}" text-anchor="end">{growth.unit}</text>'
    if growth.line:
        end = growth.points[-1][0]
        start, slope = growth.line.start, growth.line.slope
        begin = max(0.0, -start / slope) if slope > 0 else 0.0  # nothing is drawn below the axis
        first, last = start + slope * begin, start + slope * end
        yield f'<line class="line" x1="{x_at(begin)}" y1="{y_at(first)}" x2="{x_at(end)}" y2="{y_at(last)}"/>'
    else:
        yield f'<polyline class="path" points="{" ".join(f"{x_at(x)},{y_at(y)}" for x, y in growth.points)}"/>'
    for x, y in growth.points:
        yield f'<circle class="point" cx="{x_at(x)}" cy="{y_at(y)}" r="3.5"/>'


def _ticks(highest: float) -> list[float]:
    """Give round numbers from 0 to the first that reaches the highest."""
    rough = highest / _TICKS
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999)
    number = -(-highest // step)
    return [round(step * tick, 10) for tick in range(int(number) + 1)]
