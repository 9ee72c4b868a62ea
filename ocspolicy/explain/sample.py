"""The smallest estates, as text and as the position that they make: nothing is read, and no rule is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..catalog import Catalog

DAY = "2009-06-01"
FILE = "example.yaml"
PEOPLE = 10

_PLAIN = re.compile(r"(?!(?:true|false|null)$)[a-z][a-z0-9-]*")


class Sample(NamedTuple):
    """An estate under the terms of one product: servers, groups and inventory lines as YAML; judged on a day."""

    product: str
    servers: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    day: str = DAY

    @property
    def text(self) -> str:
        """Give the estate as a file."""
        body = _listed("servers", self.servers) + _listed("users", self.users)
        return (
            "apiVersion: ocspolicy/v1\nkind: Deployment\nmetadata: {name: example}\n"
            f"product: {_scalar(self.product)}\n{body}"
            f"---\napiVersion: ocspolicy/v1\nkind: LicenseInventory\n{_listed('licenses', self.lines)}"
        )

    @property
    def command(self) -> str:
        """Give the command that judges the file."""
        return f"ocspolicy position {FILE} --as-of {self.day}"


def server(number: int, role: str, edition: str | None) -> str:
    """Give a server as YAML."""
    stated = f", edition: {edition}" if edition is not None else ""
    return f"{{name: server{number:02}, roles: [{_scalar(role)}]{stated}}}"


def group(feature: str, holder: str) -> str:
    """Give a group of people who use a feature, or who share devices, two of them each, for what all use."""
    if holder == "device":
        return f"{{group: staff, count: {2 * PEOPLE}, licenseBy: device, devices: {PEOPLE}}}"
    return f"{{group: staff, count: {PEOPLE}, features: [{_scalar(feature)}]}}"


def line(product: str | None, kind: str, edition: str | None, quantity: int) -> str:
    """Give an inventory line as YAML."""
    keys = {"product": product, "license": kind, "edition": edition}
    stated = "".join(f"{key}: {_scalar(value)}, " for key, value in keys.items() if value is not None)
    return f"{{{stated}quantity: {quantity}}}"


def position(sample: Sample, catalog: Catalog) -> str | None:
    """Give the table that the command prints, without its last line; None where it could not judge."""
    from ..discovery import Candidate
    from ..errors import JudgementError
    from ..estate import Policy, Situation
    from ..estate.resolve import resolve
    from ..finding import Report
    from ..position import Position
    from ..reading import Reading, read
    from ..report import View
    from ..report.text import table

    reading = Reading()
    read(Candidate(FILE, sample.text.encode(), named=True), reading)
    asked = Situation(date.fromisoformat(sample.day), Policy())
    estate, problems = resolve(reading.deployments, reading.inventories, {}, catalog, asked)
    try:
        rows = Position(estate).rows
    except JudgementError:
        return None
    if reading.problems or problems or not rows:
        return None
    return table(Report(sample.day, "", None, position=rows), View())


def _listed(name: str, entries: Sequence[str]) -> str:
    if not entries:
        return f"{name}: []\n" if name == "licenses" else ""
    return f"{name}:\n" + "".join(f"  - {entry}\n" for entry in entries)


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text)
