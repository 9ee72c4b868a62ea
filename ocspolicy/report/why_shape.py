"""The shape of the reasons in a saved result."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .shape_base import Count, Location, Shape


class Fact(Shape):
    """A fact of the catalog."""

    kind: Literal[
        "role", "feature", "external-users", "base-tier", "tier", "edition", "license", "suite", "version"
    ] = Field(
        description=(
            "Up to tier, the facts say why something is asked for; edition, license, suite and version why a unit can"
            " serve it."
        )
    )
    id: str = Field(description="Its id in the catalog.")
    name: str = Field(description="What it is called.")
    certainty: Literal["certain", "disputed", "undetermined"] = Field(description="How far the sources carry it.")
    source: list[str] = Field(description="Its sources, as in S 15.")
    through: list[str] = Field(description="The other groups of the same people that bring it.")


class Served(Shape):
    """How many of those who ask are served by one license kind."""

    kind: str = Field(description="The license kind that serves.")
    number: Count = Field(description="How many it serves.")
    facts: list[Fact] = Field(description="Why it can.")


class Part(Shape):
    """What a need of a whole deployment is made of."""

    kind: Literal["server", "group"] = Field(description="A server that needs a license, or a group that is covered.")
    name: str = Field(description="Its name.")
    number: Count = Field(description="Its instances, or people.")
    location: Location = Field(description="Where it stands.")


class Asking(Shape):
    """A server, group or deployment that asks for the kind first. People are counted, never named."""

    deployment: str = Field(description="The deployment in which it counts.")
    subject: str = Field(description="The server, the group, or the deployment itself.")
    holder: Literal["instance", "user", "device", "deployment"] = Field(description="Who holds the license.")
    number: Count = Field(description="How many ask.")
    served_by: list[Served] = Field(description="What serves them.")
    uncovered: Count = Field(description="How many nothing serves.")
    facts: list[Fact] = Field(description="Why they ask.")
    location: Location = Field(description="Where it stands.")
    parts: list[Part] = Field(description="What a deployment asks for as a whole; else empty.")


class Use(Shape):
    """Units of a line that go to one server or group."""

    deployment: str = Field(description="The deployment.")
    subject: str = Field(description="The server, the group, or the deployment itself.")
    number: Count = Field(description="How many units.")
    serves: list[str] = Field(description="The license kinds that each of them serves there.")
    facts: list[Fact] = Field(description="Why they can.")


class Serving(Shape):
    """An inventory line of the kind."""

    line: str = Field(description="The line, as FILE#POINTER.")
    name: str = Field(description="Its own id, or where it stands.")
    units: Count = Field(description="Its units that count on the day.")
    used: Count = Field(description="How many of them are used.")
    left: Count = Field(description="How many are left over.")
    to: list[Use] = Field(description="Who gets them.")


class Counted(Shape):
    """A line of a proof."""

    line: str = Field(description="The line, as FILE#POINTER.")
    name: str = Field(description="Its own id, or where it stands.")
    serves: Count | None = Field(description="How many of the needs it can serve at most.")
    apart: Count = Field(description="Its units that are assigned to servers outside the set.")
    servers: list[str] = Field(description="Those servers.")


class Proof(Shape):
    """A set of needs and every line that could serve any of them."""

    required: Count = Field(description="How many needs the set holds.")
    owned: Count = Field(description="The most of them that those lines can serve.")
    short: Count = Field(description="The difference.")
    indivisible: Count = Field(description="What stays uncovered beyond that, since suites cannot be split.")
    deployments: list[str] = Field(description="The deployments whose needs are in the set.")
    lines: list[Counted] = Field(description="The lines.")


class Bridge(Shape):
    """What stands between two license kinds."""

    kinds: list[str] = Field(description="The other kinds.")
    number: Count = Field(description="How many.")


class Waiting(Shape):
    """A deployment that would need more units at once than are left."""

    deployment: str = Field(description="The deployment.")
    number: Count = Field(description="How many it would need.")


class Reason(Shape):
    """Why a row of the position is what it is: required is asked, less elsewhere, and standsIn."""

    product: str | None = Field(description="The product; null for suites.")
    license: str = Field(description="The license kind.")
    edition: str | None = Field(description="The server edition or CAL tier; null where there is none.")
    metric: str | None = Field(description="For suites, user or device; null otherwise.")
    required: Count = Field(description="As in the position.")
    owned: Count = Field(description="As in the position.")
    asked: Count = Field(description="How many ask for this kind first.")
    elsewhere: list[Bridge] = Field(description="How many of them other kinds serve.")
    stands_in: list[Bridge] = Field(description="Units of this kind that serve what is asked for as other kinds.")
    asking: list[Asking] = Field(description="Who asks for this kind first.")
    serving: list[Serving] = Field(description="The inventory lines of this kind.")
    waiting: list[Waiting] = Field(description="Deployments that would need more units at once than are left.")
    proof: Proof | None = Field(description="Why no assignment leaves less uncovered; null where nothing is.")
    left_out: Count = Field(description="Entries that were left out of these lists.")
