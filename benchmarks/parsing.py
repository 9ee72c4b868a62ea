"""What a large manifest costs: parsed, wholly judged, and in memory."""

import inputs
from bench import Bench, Growth, Part, both, short
from goals import MEMORY, PARSE, Row
from measure import Command, Series, by_cpu, in_turn, line
from peers import has_raw_events

_PARSE_LIMIT, _WHOLE_LIMIT = 10, 30
_MEMORY_SHARE, _MEMORY_START = 20, 30
_MB = 1_000_000
"""A file may have 8 MiB: 8 MB fit."""


def measure(bench: Bench) -> Part:
    """Measure parsing against the raw event loop, the whole check, memory, and how all grows with the size."""
    small = bench.folder("small-beside-large")
    inputs.small(small)
    has_events = has_raw_events(bench.peers.python)
    rows = []
    for size in bench.sizes.megabytes:
        rows += _of_size(bench, size, bench.check(small), has_events=has_events)
    growth = _growth(bench)
    return Part((*rows, *_memory_rows(bench, growth[1])), (growth[0],))


def _of_size(bench: Bench, size: float, small: Command, *, has_events: bool) -> list[Row]:
    manifest = inputs.large(bench.folder(f"large-{size:g}"), int(size * _MB))
    words = {"tree": f"{size:g} MB parsed with positions", "whole": f"{size:g} MB checked whole, start-up aside"}
    if not has_events:
        return [Row(PARSE, what, absent="PyYAML has no libyaml here") for what in words.values()]
    here = manifest.parent
    tree, raw, whole, start = in_turn(
        [
            Command(bench.probe("tree.py", manifest.name), here, timed_inside=True),
            Command(bench.probe("raw_events.py", manifest.name), here, timed_inside=True),
            bench.check(here),
            small,
        ],
        bench.sizes.long_rounds,
    )
    judged = whole.less(start)
    peer = f"event loop: {short(raw.cpu)} CPU"
    return [
        Row(
            PARSE,
            words["tree"],
            tree.over(raw, by_cpu),
            "× event loop",
            _PARSE_LIMIT,
            f"{short(tree.cpu)} CPU",
            peer,
        ),
        Row(
            PARSE,
            words["whole"],
            judged.over(raw, by_cpu),
            "× event loop",
            _WHOLE_LIMIT,
            both(judged.cpu, judged.wall),
            peer,
        ),
    ]


def _growth(bench: Bench) -> tuple[Growth, list[tuple[float, Series]]]:
    sizes = bench.sizes.growing_megabytes
    commands = [bench.check(inputs.large(bench.folder(f"growing-{it:g}"), int(it * _MB)).parent) for it in sizes]
    taken = list(zip(sizes, in_turn(commands, bench.sizes.long_rounds), strict=True))
    points = tuple((size, series.cpu) for size, series in taken)
    return Growth("size of a manifest", "MB", points, line(points)), taken


def _memory_rows(bench: Bench, taken: list[tuple[float, Series]]) -> list[Row]:
    rows = [
        Row(
            MEMORY,
            f"peak at {size:g} MB",
            series.peak,
            "MiB",
            _MEMORY_START + _MEMORY_SHARE * size,
            f"{series.peak:.0f} MiB",
        )
        for size, series in taken
        if size in bench.sizes.megabytes
    ]
    fitted = line([(size, series.peak) for size, series in taken])
    per_mb = Row(MEMORY, "each further MB", fitted.slope, "MiB", _MEMORY_SHARE, f"{fitted.start:.0f} MiB to begin with")
    return [*rows, per_mb]
