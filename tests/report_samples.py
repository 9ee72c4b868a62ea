"""Reports made by hand, and a strategy for any report at all."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ocspolicy.errors import Problem
from ocspolicy.finding import (
    Certainty,
    Finding,
    PluginInfo,
    PositionRow,
    Related,
    Report,
    RuleInfo,
    Severity,
    Summary,
    Waived,
    WaiverInfo,
)
from ocspolicy.place import Location, Span
from ocspolicy.reason import Asking, Counted, Fact, Part, Reason, Served, Serving, Use
from ocspolicy.reason import Certificate as Proof

EMEA = """\
apiVersion: ocspolicy/v1
kind: Deployment
metadata: {name: contoso-emea, labels: {env: production}}
pools:
  - name: pool01.contoso.example
    edition: enterprise
    servers:
      - {name: fe01.contoso.example, roles: [front-end]}
      - {name: fe02.contoso.example, roles: [front-end], machine: virtual, host: esx07}
servers:                                # outside any pool
  - {name: edge01.contoso.example, roles: [edge], labels: {site: dublin}}
  - {name: gc01.contoso.example, roles: [group-chat]}
  - {name: edge02.contoso.example, roles: [edge]}
users:
  - group: staff
    count: 4200
    features: [instant-messaging, presence, group-chat]
  - group: partners
    count: 900
    relationship: external
    authentication: active-directory
"""
INVENTORY = """\
apiVersion: ocspolicy/v1
kind: LicenseInventory
licenses:
  - {product: ocs-2007-r2, license: server, edition: enterprise, quantity: 3, agreement: EA-1001}
  - {product: ocs-2007-r2, license: user-cal, edition: standard, quantity: 5000, validUntil: 2012-01-31}
"""
WAIVERS = """\
apiVersion: ocspolicy/v1
kind: Waivers
waivers:
  - rule: ROL001
    deployment: contoso-emea
    reason: EA order 778 signed, delivery in June
    approvedBy: it-finance
    expires: 2009-06-30
    maxShort: 2
"""
PLUGINS = (PluginInfo("ocspolicy", "0.1.0"),)
RULES = (
    RuleInfo(
        "CAL003",
        "external-authenticated-access",
        Severity.WARNING,
        "ocspolicy",
        "An external group authenticates through Active Directory and the policy has not decided.",
    ),
    RuleInfo(
        "INV002",
        "inventory-line-unused",
        Severity.INFO,
        "ocspolicy",
        "A line in force could serve no need of any deployment in scope.",
    ),
    RuleInfo(
        "ROL001",
        "server-license-shortage",
        Severity.ERROR,
        "ocspolicy",
        "Fewer server licenses than running instances that need one.",
        "Why: every running instance of a counted role needs its own license.\n"
        "Remedy: buy the shortage, retire instances, or correct the inventory.",
    ),
    RuleInfo(
        "ROL003",
        "additional-software-uncovered",
        Severity.ERROR,
        "ocspolicy",
        "Additional software runs where a Front End or Edge has no license.",
    ),
)
POSITION = (
    PositionRow("ocs-2007-r2", "server", "enterprise", None, 3, 3),
    PositionRow("ocs-2007-r2", "server", "standard", None, 1, 0),
    PositionRow("ocs-2007-r2", "user-cal", "standard", None, 4200, 5000),
)


def stands(file: str, text: str, snippet: str, pointer: str = "") -> tuple[Location, str]:
    """Find a snippet in a text: its place, and the lines that it touches."""
    at = text.index(snippet)
    end = at + len(snippet)
    line, end_line = text.count("\n", 0, at) + 1, text.count("\n", 0, end) + 1
    column = at - text.rfind("\n", 0, at)
    span = Span(line, column, end_line, end - text.rfind("\n", 0, end))
    return Location(file, span, pointer), "\n".join(text.split("\n")[line - 1 : end_line])


def in_emea(snippet: str, pointer: str) -> tuple[Location, str]:
    return stands("emea.yaml", EMEA, snippet, pointer)


EDGE02, EDGE02_LINE = in_emea("{name: edge02.contoso.example, roles: [edge]}", "/servers/2")
CHAT, CHAT_LINE = in_emea("{name: gc01.contoso.example, roles: [group-chat]}", "/servers/1")
PARTNERS, PARTNERS_LINES = in_emea(
    "group: partners\n    count: 900\n    relationship: external\n    authentication: active-directory",
    "/users/1",
)
SERVER_LINE, SERVER_LINE_TEXT = stands(
    "inventory.yaml", INVENTORY, INVENTORY.split("\n")[3].removeprefix("  - "), "/licenses/0"
)
CAL_LINE, CAL_LINE_TEXT = stands(
    "inventory.yaml", INVENTORY, INVENTORY.split("\n")[4].removeprefix("  - "), "/licenses/1"
)
WAIVER, _ = stands("ocspolicy-waivers.yaml", WAIVERS, WAIVERS.split("  - ")[1].removesuffix("\n"), "/waivers/0")

CERTIFICATE = {
    "required": 4,
    "owned": 3,
    "short": 1,
    "deployments": ["contoso-emea"],
    "lines": ["inventory.yaml#/licenses/0"],
    "serves": [3],
}


def shortage(**changed: Any) -> Finding:
    values: dict[str, Any] = {
        "rule": "ROL001",
        "name": "server-license-shortage",
        "severity": Severity.ERROR,
        "certainty": Certainty.CERTAIN,
        "message": "1 of 4 server licenses is missing",
        "deployment": "contoso-emea",
        "subject": "edge02.contoso.example",
        "location": EDGE02,
        "excerpt": EDGE02_LINE,
        "related": (Related("holds 3 licenses", SERVER_LINE),),
        "facts": {"license": "server", "required": 4, "owned": 3, "short": 1, "certificate": CERTIFICATE},
        "remedy": (
            "buy 1 server license of either edition, retire an instance that needs one, or correct the"
            " inventory where it is out of date"
        ),
        "source": ("S 12", "P 13", "S 15"),
        "key": ("contoso-emea", "ocs-2007-r2", "server"),
    }
    return Finding(**(values | changed))


UNCOVERED = Finding(
    rule="ROL003",
    name="additional-software-uncovered",
    severity=Severity.ERROR,
    certainty=Certainty.CERTAIN,
    message="1 server runs additional software while a Front End or Edge has no license",
    deployment="contoso-emea",
    subject="gc01.contoso.example",
    location=CHAT,
    facts={"servers": ["gc01.contoso.example"]},
    remedy="license every Front End and Edge of the deployment; additional software then needs nothing",
    source=("S 16",),
    key=("contoso-emea",),
    related=(Related("this one has no license", EDGE02),),
    excerpt=CHAT_LINE,
)
DISPUTED = Finding(
    rule="CAL003",
    name="external-authenticated-access",
    severity=Severity.WARNING,
    certainty=Certainty.DISPUTED,
    message="900 external people authenticate through Active Directory, and the policy has not decided",
    deployment="contoso-emea",
    subject="partners",
    location=PARTNERS,
    facts={"group": "partners", "people": 900, "needed by rule 1": 900, "needed by rule 4": 0},
    remedy='set `external-authenticated` to "count" or "warn" in the configuration',
    source=("S 1", "S 4"),
    key=("contoso-emea", "partners"),
    excerpt=PARTNERS_LINES,
)
UNUSED = Finding(
    rule="INV002",
    name="inventory-line-unused",
    severity=Severity.INFO,
    certainty=Certainty.CERTAIN,
    message="5000 licenses serve nobody",
    deployment=None,
    subject="inventory.yaml#/licenses/1",
    location=CAL_LINE,
    facts={"license": "user-cal", "quantity": 5000},
    remedy="correct the line's product, license, edition or scope, or remove it",
    source=("D",),
    key=("inventory.yaml", "/licenses/1"),
    excerpt=CAL_LINE_TEXT,
)
WAIVED = Waived("EA order 778 signed, delivery in June", "2009-06-30", "it-finance", WAIVER)
USED_WAIVER = WaiverInfo("ROL001", "EA order 778 signed, delivery in June", "2009-06-30", "it-finance", "used", WAIVER)


EDGE = Fact("role", "edge", "Edge", Certainty.CERTAIN, ("S 12", "P 14"))
ENTERPRISE = Fact("edition", "enterprise", "Enterprise Edition", Certainty.CERTAIN, ("P 22",))
REASONS = (
    Reason(
        POSITION[1],
        asked=2,
        elsewhere=((("ocs-2007-r2 server/enterprise",), 1),),
        stands_in=(),
        asking=(
            Asking(
                "contoso-emea",
                "edge01.contoso.example",
                "instance",
                1,
                facts=(EDGE,),
                served=(Served("ocs-2007-r2 server/enterprise", 1, (ENTERPRISE,)),),
                uncovered=0,
                location=in_emea("{name: edge01.contoso.example, roles: [edge], labels: {site: dublin}}", "/servers/0")[
                    0
                ],
            ),
            Asking("contoso-emea", "edge02.contoso.example", "instance", 1, (EDGE,), (), 1, EDGE02),
        ),
        serving=(),
        proof=Proof(4, 3, 1, ("contoso-emea",), (Counted("inventory.yaml#/licenses/0", "EA-1001", 3),)),
    ),
)


def report(**changed: Any) -> Report:
    values: dict[str, Any] = {
        "as_of": "2009-06-01",
        "version": "0.1.0",
        "fail_on": Severity.ERROR,
        "plugins": PLUGINS,
        "rules": RULES,
        "deployments": ("contoso-emea",),
        "position": POSITION,
        "summary": Summary(deployments=1, inventories=1, lines=2, rules=4),
    }
    return Report(**(values | changed))


def many_shortages() -> Report:
    """Three deployments, two of which share the inventory, with long lists of related places."""
    names = ("contoso-apac", "contoso-emea", "contoso-us")
    related = tuple(
        Related(
            "also uncovered",
            Location("emea.yaml", Span(30 + number, 5, 30 + number, 51), f"/servers/{number}"),
        )
        for number in range(12)
    )
    facts = {
        "license": "server",
        "required": 23,
        "owned": 10,
        "short": 13,
        "certificate": {
            "required": 40,
            "owned": 27,
            "short": 13,
            "deployments": ["contoso-apac", "contoso-emea"],
            "lines": [f"inventory.yaml#/licenses/{number}" for number in range(13)],
        },
    }
    return report(
        deployments=names,
        findings=(
            UNUSED,
            DISPUTED,
            shortage(message="13 of 23 server licenses are missing", facts=facts, related=related),
            shortage(
                deployment="contoso-us",
                message="1 server license is missing",
                related=(),
                facts={
                    "license": "server",
                    "required": 1,
                    "owned": 0,
                    "short": 1,
                    "certificate": {"required": 1, "owned": 0, "deployments": ["contoso-us"], "lines": []},
                },
                key=("contoso-us", "ocs-2007-r2", "server"),
            ),
        ),
        waivers=(USED_WAIVER, USED_WAIVER),
        summary=Summary(
            deployments=3,
            inventories=2,
            lines=14,
            rules=24,
            sharing=("contoso-apac", "contoso-emea"),
            skipped_files=3,
            skipped_documents=1,
        ),
    )


EVIL = (
    "::error::\u202egnissim\u202c ##vso[task.complete result=Succeeded;] ##[error]\x1b[2J\x9b\r\n"
    "::set-output name=x::\u2028</script>&amp;<b>\x00\ud800|`@here`\u200b]]> %0A\U000e0001"
)
HOSTILE_LINE = '\t- {name: "日本語 \u202e\x1b[31m ##[group]", roles: [front-end], note: \'' + "x" * 200 + "'}"


def hostile() -> Report:
    """Everything that a name can hold, everywhere."""
    place = Location(EVIL, Span(3, 4, 3, len(HOSTILE_LINE) + 1), "/" + EVIL)
    return report(
        deployments=(EVIL,),
        findings=(
            shortage(
                message=EVIL,
                deployment=EVIL,
                subject=EVIL,
                location=place,
                excerpt=HOSTILE_LINE,
                related=(Related(EVIL, place),),
                facts={EVIL: EVIL, "license": EVIL, "certificate": {**CERTIFICATE, "lines": [EVIL]}},
                remedy=EVIL,
                source=(EVIL,),
            ),
            shortage(message=EVIL, location=place, waived=Waived(EVIL, EVIL, EVIL, place), key=(EVIL,)),
        ),
        problems=(Problem("input", EVIL, place, HOSTILE_LINE),),
        waivers=(WaiverInfo(EVIL, EVIL, EVIL, EVIL, "used", place),),
    )


BROKEN_LINE = "    count: 4_200"

SAMPLES: dict[str, Report] = {
    "empty": Report("2009-06-01", "0.1.0", Severity.ERROR),
    "clean": report(position=POSITION[::2]),
    "short": report(findings=(UNCOVERED, shortage()), why=REASONS),
    "problem": report(
        position=(),
        findings=(UNCOVERED,),
        problems=(
            Problem(
                "input",
                "found '4_200', expected a whole number; write it as 4200",
                Location("emea.yaml", Span(16, 12, 16, 17), "/users/0/count"),
                BROKEN_LINE,
            ),
            Problem("git", "found no git, expected it on the PATH; install git or name the files to judge"),
        ),
    ),
    "waived": report(findings=(shortage(waived=WAIVED), UNUSED), waivers=(USED_WAIVER,), position=POSITION),
    "disputed": report(findings=(DISPUTED,), position=POSITION[::2]),
    "many": many_shortages(),
    "never": report(fail_on=None, findings=(shortage(),)),
    "hostile": hostile(),
}

# What YAML, a file system and a configuration can bring: also bytes that are no UTF-8, and what looks like our escapes.
ACTIVE = [
    *"%,:;[]|`<>&@#*_~$\\ \t\n\r\x1b\x7f\uffff\u202e\udce9",
    *("::", "##[", "##vso[", "](", "://", "www.", "a", "C:\\new", r"\u202e", r"\\u202e", r"\udce9", "\\\\", "u000a"),
]
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.lists(
    st.sampled_from(ACTIVE), max_size=6
).map("".join)
names = st.sampled_from(["a", "b/c.yaml", "pool01.contoso.example", "a b"]) | texts.map(lambda text: text or "a")
days = st.dates().map(str)
spans = st.builds(Span, st.integers(1, 99), st.integers(1, 120), st.integers(99, 120), st.integers(1, 200)) | st.builds(
    lambda line, start, size: Span(line, start, line, start + size),
    st.integers(1, 99),
    *[st.integers(1, 99)] * 2,
)
locations = st.builds(Location, names, st.none() | spans, texts)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=3,
)
certificates = st.fixed_dictionaries(
    {
        "required": st.integers(0, 9),
        "owned": st.integers(0, 9),
        "short": st.integers(0, 9),
        "deployments": st.lists(names, max_size=7),
        "lines": st.lists(names, max_size=12),
    }
)
facts = st.dictionaries(
    texts.filter(lambda key: key != "certificate"), json_values, max_size=4
) | st.fixed_dictionaries({"license": st.sampled_from(["server", "user-cal", "x"]), "certificate": certificates})
counts = st.integers(0, 10**15)
severities = st.sampled_from([Severity.ERROR, Severity.WARNING, Severity.INFO])
findings = st.builds(
    Finding,
    rule=st.sampled_from(["ROL001", "CAL001", "X1"]) | names,
    name=names,
    severity=severities,
    certainty=st.sampled_from(Certainty),
    message=texts,
    deployment=st.none() | names,
    subject=st.none() | names,
    location=st.none() | locations,
    facts=facts,
    remedy=texts,
    source=st.lists(texts, max_size=3).map(tuple),
    key=st.lists(texts, max_size=3).map(tuple),
    saved_fingerprint=st.just(""),
    related=st.lists(st.builds(Related, texts, locations, kind=st.just("note")), max_size=2).map(tuple),
    excerpt=st.none() | texts | st.lists(texts, min_size=1, max_size=6).map("\n".join),
    waived=st.none() | st.builds(Waived, texts, days, st.none() | texts, locations),
)
rows = st.builds(PositionRow, st.none() | names, names, st.none() | names, st.none() | names, counts, counts)
fact_values = st.builds(
    Fact,
    st.sampled_from(["role", "feature", "base-tier", "suite"]),
    names,
    texts,
    st.sampled_from(Certainty),
    st.lists(texts, max_size=2).map(tuple),
    st.lists(names, max_size=2).map(tuple),
).map(lambda fact: (fact,))
bridges = st.lists(st.tuples(st.lists(names, max_size=2).map(tuple), counts), max_size=2).map(tuple)
askings = st.builds(
    Asking,
    names,
    names,
    st.sampled_from(["instance", "user", "device", "deployment"]),
    counts,
    fact_values,
    st.lists(st.builds(Served, names, counts, fact_values), max_size=2).map(tuple),
    counts,
    locations,
    st.lists(st.builds(Part, st.sampled_from(["server", "group"]), names, counts, locations), max_size=2).map(tuple),
    people=st.just(()),
)
servings = st.builds(
    lambda line, name, units, left, to: Serving(line, name, units + left, units, to),
    names,
    names,
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.lists(st.builds(Use, names, names, counts, st.lists(names, max_size=2).map(tuple), fact_values), max_size=2).map(
        tuple
    ),
)
counted_lines = st.builds(Counted, names, names, st.none() | counts, counts, st.lists(names, max_size=2).map(tuple))
proofs = st.builds(
    Proof,
    counts,
    counts,
    counts,
    st.lists(names, max_size=3).map(tuple),
    st.lists(counted_lines, max_size=3).map(tuple),
    counts,
)
reasons = st.builds(
    Reason,
    rows,
    counts,
    bridges,
    bridges,
    st.lists(askings, max_size=3).map(tuple),
    st.lists(servings, max_size=2).map(tuple),
    st.none() | proofs,
    st.lists(st.tuples(names, counts), max_size=2).map(tuple),
    counts,
)


def with_reasons(of: Report, found: list[Reason]) -> Report:
    """Give a report reasons of its own rows, or of kinds that it has no row for."""
    known = {(row.product, row.license, row.edition, row.metric): row for row in of.position}
    if len(known) < len(of.position):
        return of
    rows_of = [*of.position, *(PositionRow(None, "met otherwise", None, None, 0, 0) for _ in found)]
    return of._replace(why=tuple(reason._replace(row=row) for reason, row in zip(found, rows_of, strict=False)))


plain_reports = st.builds(
    Report,
    days,
    texts,
    st.none() | severities,
    plugins=st.lists(st.builds(PluginInfo, names, texts), max_size=2).map(tuple),
    rules=st.lists(
        st.builds(RuleInfo, names, names, st.sampled_from(Severity), names, texts, texts, st.booleans()), max_size=3
    ).map(tuple),
    deployments=st.lists(names, max_size=7).map(tuple),
    findings=st.lists(findings, max_size=3, unique_by=lambda found: found.order).map(
        lambda found: tuple(sorted(found, key=lambda one: one.order))
    ),
    position=st.lists(rows, max_size=4).map(tuple),
    waivers=st.lists(
        st.builds(
            WaiverInfo,
            names,
            texts,
            days,
            st.none() | texts,
            st.sampled_from(["used", "unused", "expired", "invalid"]),
            locations,
        ),
        max_size=2,
    ).map(tuple),
    problems=st.lists(st.builds(Problem, names, texts, st.none() | locations, st.none() | texts), max_size=2).map(
        tuple
    ),
    summary=st.builds(
        Summary,
        *[st.integers(1, 10**15)] * 2,
        *[counts] * 2,
        sharing=st.lists(names, max_size=4).map(tuple),
        skipped_files=counts,
        skipped_documents=counts,
        skipped_links=counts,
    ),
    scope=st.lists(names, max_size=2).map(tuple),
)
reports = st.builds(with_reasons, plain_reports, st.lists(reasons, max_size=2))
