"""What a hook costs before it judges anything, and what each small file adds."""

from pathlib import Path

import inputs
from bench import DAY, Bench, Part, both, short
from goals import FURTHER, SMALL, START, Goal, Row
from measure import Command, by_cpu, in_turn
from peers import ROOT

_BASE = "import pydantic, ruamel.yaml"

_BROUGHT_BY = {"check-yaml": "pre-commit-hooks"}

_BARE_LIMIT, _NOTHING_LIMIT, _SMALL_LIMIT = 0.5, 0.6, 2.8
_SCHEMA_LIMIT, _TEMPLATE_LIMIT = 0.75, 0.19
_FILE_LIMIT, _FILE_SHARE = 2.0, 0.25


def measure(bench: Bench) -> Part:
    """Measure start-up, one small estate, and each further file."""
    commands = _short_runs(bench)
    taken = dict(zip(commands, in_turn(list(commands.values()), bench.sizes.rounds), strict=True))

    def row(goal: Goal, what: str, name: str, peer: str, limit: float | None = None) -> Row:
        if peer not in taken:
            return Row(goal, f"{what} against {peer}", absent=bench.peers.absent[_BROUGHT_BY.get(peer, peer)])
        ours, other = taken[name], taken[peer]
        figure = ours.over(other, by_cpu)
        return Row(
            goal, what, figure, f"× {peer}", limit, both(ours.cpu, ours.wall), f"{peer}: {both(other.cpu, other.wall)}"
        )

    return Part(
        (
            row(START, "`--version`", "--version", "BASE", _BARE_LIMIT),
            row(START, "`--help`", "--help", "BASE", _BARE_LIMIT),
            row(START, "no file is ours", "nothing", "BASE", _NOTHING_LIMIT),
            row(SMALL, "whole check", "small", "BASE", _SMALL_LIMIT),
            row(SMALL, "whole check", "small", "check-jsonschema", _SCHEMA_LIMIT),
            row(SMALL, "whole check", "small", "cfn-lint", _TEMPLATE_LIMIT),
            row(SMALL, "as the hook runs it, in a git repository", "tracked", "BASE"),
            row(SMALL, "for comparison: an empty program", "python -c pass", "BASE"),
            *(row(SMALL, f"for comparison: {it}", it, "BASE") for it in ("yamllint", "check-yaml") if it in taken),
            *_further(bench),
        )
    )


def _short_runs(bench: Bench) -> dict[str, Command]:
    python, ocspolicy = str(bench.peers.python), bench.peers.ocspolicy
    small, tracked, nothing = bench.folder("small"), bench.folder("tracked"), bench.folder("nothing")
    (manifest,) = inputs.small(small)
    inputs.small(tracked)
    inputs.commit(tracked)
    inputs.template(nothing / "template.yaml", manifest.stat().st_size)
    return {
        "BASE": Command((python, "-c", _BASE), small),
        "python -c pass": Command((python, "-c", "pass"), small),
        "--version": Command((ocspolicy, "--version"), small),
        "--help": Command((ocspolicy, "--help"), small),
        # Nothing to judge is no verdict.
        "nothing": bench.check(nothing, statuses=(2,)),
        "small": bench.check(small),
        "tracked": Command((ocspolicy, "check", "--tracked", *DAY), tracked),
        **_peers(bench, manifest, nothing / "template.yaml"),
    }


def _peers(bench: Bench, manifest: Path, template: Path) -> dict[str, Command]:
    peers = bench.peers
    commands = {}
    if "check-jsonschema" in peers.programs:
        program = peers.program("check-jsonschema", "check-jsonschema")
        schema = str(ROOT / "schemas" / "deployment.schema.json")
        commands["check-jsonschema"] = Command((program, "--schemafile", schema, manifest.name), manifest.parent)
    if "cfn-lint" in peers.programs:
        commands["cfn-lint"] = Command((peers.program("cfn-lint", "cfn-lint"), template.name), template.parent)
    if "yamllint" in peers.programs:
        program = peers.program("yamllint", "yamllint")
        commands["yamllint"] = Command((program, "-d", "relaxed", manifest.name), manifest.parent)
    if "pre-commit-hooks" in peers.programs:
        program = peers.program("pre-commit-hooks", "check-yaml")
        commands["check-yaml"] = Command((program, manifest.name), manifest.parent)
    return commands


def _further(bench: Bench) -> list[Row]:
    number = bench.sizes.further
    one, many = bench.folder("one"), bench.folder("many")
    (first,) = inputs.small(one)
    all_ = inputs.small(many, number)
    commands = [bench.check(one), bench.check(many)]
    has_peer = "pre-commit-hooks" in bench.peers.programs
    if has_peer:
        program = bench.peers.program("pre-commit-hooks", "check-yaml")
        commands += [Command((program, first.name), one), Command((program, *(it.name for it in all_)), many)]
    taken = in_turn(commands, bench.sizes.rounds)
    ours = taken[1].less(taken[0], 1 / (number - 1))
    shown = f"{short(ours.cpu)} CPU, {short(ours.wall)}"
    what = f"of {number} files"
    rows = [Row(FURTHER, what, 1000 * ours.cpu, "ms", _FILE_LIMIT, shown)]
    if not has_peer:
        return [*rows, Row(FURTHER, what, absent=bench.peers.absent["pre-commit-hooks"])]
    peer = taken[3].less(taken[2], 1 / (number - 1))
    # Each difference is noisy, and their ratio more so: that of the medians is the steadier one.
    figure = ours.cpu / peer.cpu
    return [
        *rows,
        Row(FURTHER, what, figure, "× check-yaml", _FILE_SHARE, shown, f"check-yaml: {short(peer.cpu)} CPU"),
    ]
