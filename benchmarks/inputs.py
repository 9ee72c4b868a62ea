"""The inputs, the same on every machine: whatever is drawn, is drawn from a fixed seed."""

import random
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from clutter import foreign_files

SEED = 20090601
PLENTY = 100_000_000

_FEWEST_PLACES = 6
"""Enough for 50 classes of different places."""

_HEAD = """\
# yaml-language-server: $schema=../schemas/deployment.schema.json
apiVersion: ocspolicy/v1
kind: Deployment
metadata: {{name: {name}}}
product: ocs-2007-r2
"""
_SMALL = """\
pools:
  - name: pool01.{name}.example
    edition: enterprise
    servers:
      - {{name: fe01.{name}.example, roles: [front-end, web-conferencing]}}
      - {{name: fe02.{name}.example, roles: [front-end, web-conferencing]}}
servers:
  - {{name: edge01.{name}.example, roles: [edge]}}
  - {{name: chat01.{name}.example, roles: [group-chat]}}  # for the service desk
users:
  - group: staff
    count: 420
    features: [instant-messaging, presence, group-chat]
  - group: sales
    count: 80
    features: [desktop-sharing, team-call]
"""
_OWNED = """\
apiVersion: ocspolicy/v1
kind: LicenseInventory
licenses:
  - {{product: ocs-2007-r2, license: server, edition: enterprise, quantity: {plenty}, agreement: EA-1001}}
  - {{product: ocs-2007-r2, license: server, edition: standard, quantity: {plenty}, agreement: EA-1001}}
  - {{product: ocs-2007-r2, license: user-cal, edition: standard, quantity: {plenty}}}
  - {{license: enterprise-cal-suite, quantity: {plenty}}}
"""


def small(folder: Path, files: int = 1) -> list[Path]:
    """Write small manifests, each of a deployment of its own, and an inventory that covers them.

    Returns:
        the manifests.
    """
    _owned(folder)
    written = []
    for number in range(1, files + 1):
        name = f"site{number:04}"
        written.append(folder / f"{name}.yaml")
        written[-1].write_text((_HEAD + _SMALL).format(name=name), encoding="utf-8")
    return written


def large(folder: Path, size: int) -> Path:
    """Write a manifest of nearly `size` bytes, pools and groups in turn, and an inventory that covers it."""
    _owned(folder)
    pools, users = ["pools:\n"], ["users:\n"]
    left = size - len(_HEAD) - 20
    for number in count():
        left -= len(pool := _pool(number)) + len(group := _group(number))
        if left < 0:
            break
        pools.append(pool)
        users.append(group)
    path = folder / "estate.yaml"
    path.write_text(_HEAD.format(name="large") + "".join(pools + users), encoding="utf-8")
    return path


def _pool(number: int) -> str:
    name = f"pool{number:06}.contoso.example"
    servers = (
        f"      - {{name: fe{number:06}-{server}.contoso.example, roles: [front-end, web-conferencing], "
        f"labels: {{site: dublin}}}}\n"
        for server in range(4)
    )
    return f"  - name: {name}\n    edition: enterprise  # as ordered\n    servers:\n" + "".join(servers)


def _group(number: int) -> str:
    features = "[desktop-sharing, team-call]" if number % 3 else "[instant-messaging, presence]"
    groups = (
        f"  - group: department-{number:06}-{group}\n"
        f"    count: {17 + number % 400}\n"
        f"    pool: pool{number:06}.contoso.example\n"
        f"    features: {features}\n"
        for group in range(3)
    )
    return "".join(groups)


def people(folder: Path, number: int) -> Path:
    """Write a deployment whose `number` people stand in a CSV file; every twentieth stands there twice.

    Returns:
        the CSV file.
    """
    _owned(folder)
    manifest = _HEAD.format(name="crowd") + "users:\n  - group: everybody\n    from: {path: people.csv}\n"
    (folder / "estate.yaml").write_text(manifest, encoding="utf-8")
    path = folder / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("displayName,userPrincipalName,department,site\n")
        file.writelines(_person(row, number) for row in range(number))
    return path


def _person(row: int, number: int) -> str:
    # A step that has no divisor in common with the number spreads the people over the file.
    who = (row * 7_368_787) % number
    who -= who % 20 == 0 and who > 0
    name = f"user{who:07}"
    return f"{name.title()} Example,{name}@contoso.example,Sales {who % 97},Dublin\n"


def assignment(folder: Path, size: int, seed: int) -> None:
    """Write an estate of `size` classes of people and `size` inventory lines with random scopes and suites.

    A class is all who are in the same set of deployments with the same features: its people are listed in one to
    three of `size` / 5 deployments (or of six). A line counts for up to four of them; three units are owned for about
    four that are asked for.
    """
    draw = random.Random(SEED + 1000 * size + seed)  # noqa: S311 -- inputs, not secrets
    places = [f"site{number:03}" for number in range(max(_FEWEST_PLACES, size // 5))]
    groups: dict[str, list[str]] = {place: [] for place in places}
    met: set[tuple[frozenset[str], bool]] = set()
    asked = 0
    while len(met) < size:
        key = frozenset(draw.sample(places, draw.randint(1, 3))), draw.random() < 0.5  # noqa: PLR2004 -- one in two
        if key in met:
            continue
        members = draw.randint(5, 60)
        asked += members * (1 + key[1])
        _enlist(groups, key, f"c{len(met):04}", members)
        met.add(key)
    for place in places:
        users = "".join(groups[place]) and "users:\n" + "".join(groups[place])
        (folder / f"{place}.yaml").write_text(_HEAD.format(name=place) + users, encoding="utf-8")
    (folder / "licenses.yaml").write_text(_lines(draw, places, size, asked), encoding="utf-8")


def _enlist(groups: dict[str, list[str]], key: tuple[frozenset[str], bool], name: str, members: int) -> None:
    places, enterprise = key
    listed = ", ".join(f"{name}-{person}@contoso.example" for person in range(members))
    features = "[desktop-sharing]" if enterprise else "[instant-messaging]"
    for place in sorted(places):
        groups[place].append(f"  - {{group: {name}, members: [{listed}], features: {features}}}\n")


def _lines(draw: random.Random, places: list[str], size: int, asked: int) -> str:
    kinds = (
        "product: ocs-2007-r2, license: user-cal, edition: standard",
        "product: ocs-2007-r2, license: user-cal, edition: enterprise",
        "license: enterprise-cal-suite",
    )
    rows = ["apiVersion: ocspolicy/v1\nkind: LicenseInventory\nlicenses:\n"]
    for number in range(size):
        scope = ", ".join(sorted(draw.sample(places, draw.randint(1, 4))))
        quantity = draw.randint(1, max(1, 3 * asked // (2 * size)))
        rows.append(
            f"  - {{{kinds[draw.randrange(3)]}, quantity: {quantity}, scope: {{deployments: [{scope}]}}, "
            f"id: line-{number:03}}}\n"
        )
    return "".join(rows)


def clutter(folder: Path, files: int, ours: int) -> None:
    """Write a git repository of `files` YAML and JSON files of other tools, and `ours` small manifests among them."""
    for name, text in foreign_files(files, SEED):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    estates = folder / "estates"
    estates.mkdir(parents=True)
    small(estates, ours)
    commit(folder)


def commit(folder: Path) -> None:
    """Make a git repository that tracks all that a folder holds."""
    for command in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", "-C", str(folder), *command], check=True)  # noqa: S607 -- the git that users find


def template(path: Path, size: int) -> Path:
    """Write a CloudFormation template of about `size` bytes."""
    text = "AWSTemplateFormatVersion: '2010-09-09'\nDescription: front ends\nResources:\n"
    for resource in _resources():
        if len(text) + len(resource) > size:
            break
        text += resource
    path.write_text(text, encoding="utf-8")
    return path


def _resources() -> Iterator[str]:
    for number in count(1):
        yield (
            f"  Queue{number:02}:\n    Type: AWS::SQS::Queue\n    Properties:\n"
            f"      QueueName: contoso-{number:02}\n      DelaySeconds: {number}\n"
        )


def _owned(folder: Path) -> None:
    (folder / "licenses.yaml").write_text(_OWNED.format(plenty=PLENTY), encoding="utf-8")
