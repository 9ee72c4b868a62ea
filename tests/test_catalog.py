"""The catalog's data against what the terms say, and its look-up."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from itertools import chain, permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocspolicy.catalog import Catalog, Product
from ocspolicy.catalog.faults import faults
from ocspolicy.finding import Certainty

CATALOG = Catalog.builtin()
LICENSING = Path(__file__).parents[2] / "shared" / "spec" / "licensing.md"

OCS_2007, R2, LYNC_2010 = "ocs-2007", "ocs-2007-r2", "lync-2010"
LYNC_2013, SFB_2015, SFB_2019, SFB_SE = "lync-2013", "sfb-2015", "sfb-2019", "sfb-se"
PRODUCTS = (OCS_2007, R2, LYNC_2010, LYNC_2013, SFB_2015, SFB_2019, SFB_SE)
FRONT_ENDS_ONLY = (LYNC_2013, SFB_2015, SFB_2019, SFB_SE)
SUCCESSORS = (LYNC_2010, *FRONT_ENDS_ONLY)

ALIASES = {
    "access-edge": "edge",
    "web-conferencing-edge": "edge",
    "av-edge": "edge",
    "cwa": "communicator-web-access",
    "group-chat-lookup": "group-chat",
    "group-chat-channel": "group-chat",
    "group-chat-web": "group-chat",
    "group-chat-compliance": "group-chat",
    "persistent-chat": "group-chat",
}
CONFERENCING = ("web-conferencing", "av-conferencing", "application-sharing", "application-server")
NAMED_ADDITIONAL = (
    "communicator-web-access",
    "web-components",
    "archiving",
    "mediation",
    "director",
    "monitoring",
)
ROLES = ("front-end", "edge", *CONFERENCING, *NAMED_ADDITIONAL, "group-chat", "back-end")
TALK = ("instant-messaging", "presence", "pc-to-pc-calls", "conference-attendance")
SINCE_R2 = (
    "desktop-sharing",
    "dial-in-conferencing",
    "team-call",
    "delegation",
    "response-group",
    "single-number-reach",
)
BEFORE_R2 = ("web-conferencing", "av-conferencing", "enterprise-voice")
FEATURES = (*TALK, "group-chat", *SINCE_R2, *BEFORE_R2, "remote-call-control")


def product(name: str) -> Product:
    found = CATALOG.product(name)
    assert found is not None
    return found


def each(products: tuple[str, ...], names: tuple[str, ...], *said: object) -> list[tuple[object, ...]]:
    return [(product_id, name, *said) for product_id in products for name in names]


ROLE_FACTS = [
    # 12, 16, 23: R2
    *each((R2,), ("front-end",), "counted", "server", "required"),
    *each((R2,), ("edge",), "counted", "server", "optional"),
    *each((R2,), (*CONFERENCING, *NAMED_ADDITIONAL, "group-chat"), "additional", None, "none"),
    # 25: before R2
    *each((OCS_2007,), ("front-end",), "counted", "server", "required"),
    *each(
        (OCS_2007,),
        (
            "edge",
            "web-conferencing",
            "av-conferencing",
            "application-server",
            "web-components",
            "communicator-web-access",
            "archiving",
            "mediation",
            "director",
        ),
        "counted",
        "server",
        "optional",
    ),
    *each((OCS_2007,), ("group-chat",), "counted", "group-chat-server", "none"),
    *each((OCS_2007,), ("monitoring", "application-sharing"), "not-offered", None, "none"),
    # 26
    *each((LYNC_2010,), ("front-end",), "counted", "server", "required"),
    *each((LYNC_2010,), ("director",), "free", None, "none"),
    *each(
        (LYNC_2010,),
        tuple(name for name in ROLES if name not in ("front-end", "director", "back-end")),
        "undetermined",
        None,
        "none",
    ),
    # 27, 28
    *each(FRONT_ENDS_ONLY, ("front-end",), "counted", "server", "none"),
    *each(
        (LYNC_2013, SFB_2015, SFB_2019),
        ("edge", *CONFERENCING, *NAMED_ADDITIONAL),
        "free",
        None,
        "none",
    ),
    *each((SFB_SE,), ("edge", "mediation", "director"), "undetermined", None, "none"),
    *each(
        (SFB_SE,),
        (*CONFERENCING, "communicator-web-access", "web-components", "archiving", "monitoring"),
        "free",
        None,
        "none",
    ),
    *each((LYNC_2013, SFB_2015), ("group-chat",), "free", None, "none"),
    *each((SFB_2019, SFB_SE), ("group-chat",), "not-offered", None, "none"),
    # 23
    *each(PRODUCTS, ("back-end",), "outside", None, "none"),
]

FEATURE_FACTS = [
    # 5, 6: R2
    *each((R2,), (*TALK, "group-chat"), "tier", "standard", None),
    *each((R2,), (*SINCE_R2, *BEFORE_R2), "tier", "enterprise", None),
    *each((OCS_2007, R2), ("remote-call-control",), "undetermined", None, None),
    # 25: before R2
    *each((OCS_2007,), TALK, "tier", "standard", None),
    *each((OCS_2007,), BEFORE_R2, "tier", "enterprise", None),
    *each((OCS_2007,), SINCE_R2, "not-offered", None, None),
    *each((OCS_2007,), ("group-chat",), "license", None, "group-chat-cal"),
    # 28
    *each(SUCCESSORS, TALK, "tier", "standard", None),
    *each((LYNC_2010, LYNC_2013, SFB_2015), ("group-chat",), "tier", "standard", None),
    *each((SFB_2019, SFB_SE), ("group-chat",), "not-offered", None, None),
    *each(
        SUCCESSORS,
        ("desktop-sharing", "dial-in-conferencing", "av-conferencing", "web-conferencing"),
        "tier",
        "enterprise",
        None,
    ),
    *each(
        SUCCESSORS,
        ("enterprise-voice", "delegation", "team-call", "response-group", "remote-call-control"),
        "tier",
        "plus",
        None,
    ),
    *each(SUCCESSORS, ("single-number-reach",), "undetermined", None, None),
]


def test_all_products_of_the_terms_are_there() -> None:
    assert CATALOG.product_ids == tuple(sorted(PRODUCTS))
    assert [product(name).id for name in PRODUCTS] == list(PRODUCTS)


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_product_knows_every_role_and_feature(name: str) -> None:
    assert sorted(role.id for role in product(name).roles) == sorted(ROLES)
    assert sorted(feature.id for feature in product(name).features) == sorted(FEATURES)


@pytest.mark.parametrize(("name", "role", "licensing", "license_", "edition"), ROLE_FACTS)
def test_role_is_licensed_as_the_terms_say(
    name: str, role: str, licensing: str, license_: str | None, edition: str
) -> None:
    found = product(name).role(role)
    assert found is not None
    assert (found.licensing, found.license, found.edition) == (licensing, license_, edition)


@pytest.mark.parametrize(("name", "feature", "licensing", "tier", "license_"), FEATURE_FACTS)
def test_feature_needs_what_the_terms_say(
    name: str, feature: str, licensing: str, tier: str | None, license_: str | None
) -> None:
    found = product(name).feature(feature)
    assert found is not None
    assert (found.licensing, found.tier, found.license) == (licensing, tier, license_)


@pytest.mark.parametrize(
    ("facts", "known"),
    [(ROLE_FACTS, ROLES), (FEATURE_FACTS, FEATURES)],
    ids=["roles", "features"],
)
def test_the_tables_above_leave_no_fact_out(facts: list[tuple[Any, ...]], known: tuple[str, ...]) -> None:
    assert sorted((row[0], row[1]) for row in facts) == sorted((name, entry) for name in PRODUCTS for entry in known)


@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.parametrize(("alias", "role"), sorted(ALIASES.items()))
def test_alias_means_its_role(name: str, alias: str, role: str) -> None:
    found = product(name).role(alias)
    assert found is product(name).role(role)
    assert found is not None
    assert found.id == role


@pytest.mark.parametrize("name", ["Edge", "edge ", "", "edges", "../edge"])
def test_only_the_exact_id_is_found(name: str) -> None:
    assert product(R2).role(name) is None
    assert product(R2).feature(name) is None
    assert product(R2).license(name) is None
    assert product(R2).tier(name) is None


@pytest.mark.parametrize("name", ["../suites", "OCS-2007-R2", "", "ocs-2007-r2.json", "products/ocs-2007-r2"])
def test_unknown_product_is_none_and_never_a_path(name: str) -> None:
    assert CATALOG.product(name) is None


@pytest.mark.parametrize(
    ("features", "also", "tiers"),
    [
        ([], [], ("standard",)),
        (["instant-messaging"], [], ("standard",)),
        (["desktop-sharing"], [], ("standard", "enterprise")),
        (["remote-call-control"], [], ("standard",)),
        (["remote-call-control"], ["enterprise"], ("standard", "enterprise")),
        (["unheard-of"], ["unheard-of"], ("standard",)),
    ],
)
def test_enterprise_is_additive_to_standard(features: list[str], also: list[str], tiers: tuple[str, ...]) -> None:
    assert product(R2).tiers_for(features, also) == tiers


@pytest.mark.parametrize("name", SUCCESSORS)
@pytest.mark.parametrize(
    ("features", "tiers"),
    [
        (["enterprise-voice"], ("standard", "plus")),
        (["desktop-sharing"], ("standard", "enterprise")),
        (["desktop-sharing", "enterprise-voice"], ("standard", "enterprise", "plus")),
    ],
)
def test_enterprise_and_plus_each_build_on_standard_only(
    name: str, features: list[str], tiers: tuple[str, ...]
) -> None:
    assert product(name).tiers_for(features) == tiers


@given(st.lists(st.sampled_from(FEATURES)), st.sampled_from(PRODUCTS))
@settings(deadline=None, max_examples=60)
def test_tiers_depend_on_the_set_of_features_alone(features: list[str], name: str) -> None:
    tiers = product(name).tiers_for(features)
    assert tiers == product(name).tiers_for(sorted(set(features), reverse=True))
    assert tiers == product(name).tiers_for((), also=tiers)
    assert product(name).base_tier in [product(name).tier(tier) for tier in tiers]


def test_a_tier_brings_all_that_it_requires_over_any_number_of_steps() -> None:
    tiers = [{"id": "gold", "requires": ["enterprise"]}, {"id": "crown", "requires": ["gold", "crown"]}]
    found = CATALOG.with_documents([{"products": [{"id": R2, "tiers": tiers}]}]).product(R2)
    assert found is not None
    assert found.tiers_for((), also=["crown"]) == ("standard", "enterprise", "gold", "crown")


@pytest.mark.parametrize("line", PRODUCTS)
@pytest.mark.parametrize("need", PRODUCTS)
def test_newer_serves_older_and_never_the_reverse(line: str, need: str) -> None:
    assert CATALOG.serves_version(line, need) is (PRODUCTS.index(line) >= PRODUCTS.index(need))


def test_no_version_serves_what_is_unknown_or_of_another_family() -> None:
    catalog = CATALOG.with_documents([{"products": [{"id": "sql-server", "version": 99}]}])
    assert not catalog.serves_version("sql-server", R2)
    assert not catalog.serves_version("unheard-of", R2)
    assert not catalog.serves_version(R2, "unheard-of")


@pytest.mark.parametrize("name", [OCS_2007, R2, LYNC_2010])
@pytest.mark.parametrize(
    ("edition", "needed", "serves"),
    [
        ("standard", "standard", True),
        ("standard", "enterprise", False),
        ("enterprise", "standard", True),
        ("enterprise", "enterprise", True),
        ("standard", None, True),
        ("enterprise", None, True),
        ("unheard-of", "standard", False),
        (None, "standard", False),
    ],
)
def test_enterprise_server_license_stands_in_for_standard(
    name: str, edition: str | None, needed: str | None, *, serves: bool
) -> None:
    license_ = product(name).license("server")
    assert license_ is not None
    assert license_.can_serve(edition, needed) is serves
    assert [known.id for known in license_.editions] == ["standard", "enterprise"]


@pytest.mark.parametrize("name", FRONT_ENDS_ONLY)
def test_server_license_without_editions_serves_any(name: str) -> None:
    license_ = product(name).license("server")
    assert license_ is not None
    assert license_.editions == ()
    assert license_.can_serve(None, "enterprise")


@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.parametrize(("kind", "holder"), [("user-cal", "user"), ("device-cal", "device")])
def test_each_cal_serves_its_own_tier_and_holder(name: str, kind: str, holder: str) -> None:
    license_ = product(name).license(kind)
    tiers = [tier.id for tier in product(name).tiers]
    assert license_ is not None
    assert license_.tiered
    assert license_.holders == (holder,)
    assert {(owned, needed) for owned in tiers for needed in tiers if license_.can_serve(owned, needed)} == {
        (tier, tier) for tier in tiers
    }


@pytest.mark.parametrize(
    ("name", "kind", "holders", "redundant"),
    [
        (OCS_2007, "group-chat-server", ("instance",), False),
        (OCS_2007, "group-chat-cal", ("user", "device"), False),
        (R2, "group-chat-server", ("instance",), True),
        (R2, "group-chat-cal", ("user", "device"), True),
        (OCS_2007, "external-connector", ("deployment",), False),
        (R2, "external-connector", ("deployment",), False),
        (LYNC_2010, "external-connector", ("deployment",), False),
        (LYNC_2010, "group-chat-cal", ("user", "device"), True),
        *[(name, "external-connector", ("deployment",), True) for name in FRONT_ENDS_ONLY],
    ],
)
def test_license_of_its_own_is_needed_or_redundant(
    name: str, kind: str, holders: tuple[str, ...], *, redundant: bool
) -> None:
    license_ = product(name).license(kind)
    assert license_ is not None
    assert not license_.tiered
    assert (license_.holders, license_.redundant) == (holders, redundant)


def test_license_kinds_are_those_of_the_terms() -> None:
    assert CATALOG.license_kinds == (
        "core-cal-suite",
        "device-cal",
        "enterprise-cal-suite",
        "external-connector",
        "group-chat-cal",
        "group-chat-server",
        "server",
        "user-cal",
    )
    assert CATALOG.role_ids == tuple(sorted([*ROLES, *ALIASES]))
    assert CATALOG.feature_ids == tuple(sorted(FEATURES))


@pytest.mark.parametrize(
    ("name", "licensing"),
    [
        (OCS_2007, "connector-or-cal"),
        (R2, "included-unless-authenticated"),
        (LYNC_2010, "connector-or-cal"),
        *[(name, "included") for name in FRONT_ENDS_ONLY],
    ],
)
def test_external_users_need_what_the_terms_say(name: str, licensing: str) -> None:
    external = product(name).external_users
    assert external.licensing == licensing
    assert external.license == (None if licensing == "included" else "external-connector")


def test_suites_grant_what_the_terms_say() -> None:
    enterprise, core = CATALOG.suite("enterprise-cal-suite"), CATALOG.suite("core-cal-suite")
    assert enterprise is not None
    assert core is not None
    assert CATALOG.suite_ids == ("core-cal-suite", "enterprise-cal-suite")
    assert [(grant.product, grant.tiers, grant.valid_from) for grant in enterprise.grants] == [
        (R2, ("standard", "enterprise"), None)
    ]
    assert [(grant.product, grant.tiers, grant.valid_from) for grant in core.grants] == [
        (LYNC_2010, ("standard",), "2011-08-01")
    ]
    assert CATALOG.suite("user-cal") is None


@pytest.mark.parametrize(
    ("day", "granted"),
    [("2009-06-01", False), ("2011-07-31", False), ("2011-08-01", True), (date(2011, 8, 2), True)],
)
def test_core_suite_gains_standard_on_its_day(day: object, *, granted: bool) -> None:
    core = CATALOG.suite("core-cal-suite")
    assert core is not None
    assert core.grants[0].in_force(day) is granted


@pytest.mark.parametrize("name", [OCS_2007, R2])
def test_limits_are_those_of_the_editions(name: str) -> None:
    assert {(it.edition, it.of, it.per, it.most) for it in product(name).limits} == {
        ("standard", "users", "pool", 4_999),
        ("standard", "front-end", "pool", 1),
        ("enterprise", "users", "front-end", 12_500),
        ("enterprise", "users", "pool", 100_000),
    }


@pytest.mark.parametrize("name", SUCCESSORS)
def test_no_limit_is_guessed(name: str) -> None:
    assert product(name).limits == ()


def proven(found: Product) -> list[Any]:
    entries = chain(found.licenses, found.tiers, found.roles, found.features, found.limits)
    return [found, found.external_users, *entries]


def test_inferred_facts_are_disputed_and_open_ones_undetermined() -> None:
    for name in PRODUCTS:
        for fact in proven(product(name)):
            undetermined = getattr(fact, "licensing", "") == "undetermined"
            assert (fact.certainty is Certainty.UNDETERMINED) is undetermined
            assert any(mark.startswith("?") for mark in fact.source) is undetermined
            if "D 25" in fact.source and getattr(fact, "id", "") != "back-end":
                assert fact.certainty is Certainty.DISPUTED
    assert product(R2).external_users.certainty is Certainty.DISPUTED


def all_marks() -> set[str]:
    suites = [suite for name in CATALOG.suite_ids if (suite := CATALOG.suite(name))]
    facts: list[Any] = [fact for name in PRODUCTS for fact in proven(product(name))]
    facts += [edition for name in PRODUCTS for kind in product(name).licenses for edition in kind.editions]
    facts += [*suites, *(grant for suite in suites for grant in suite.grants)]
    assert all(fact.source for fact in facts)
    return {mark for fact in facts for mark in fact.source}


def test_every_mark_is_spelled_out() -> None:
    for mark in sorted(all_marks()):
        assert re.fullmatch(r"(S|S comment|P|T|D|\?)( [1-9][0-9]*)?", mark), mark
        source = CATALOG.source(mark)
        assert source is not None
        assert source.meaning
        assert (source.statement is not None) is mark[-1].isdigit(), mark


@pytest.mark.parametrize("mark", ["X 1", "", "12", "S12", "s 12"])
def test_foreign_mark_is_not_spelled_out(mark: str) -> None:
    assert CATALOG.source(mark) is None


def test_a_mark_with_an_unknown_number_says_only_whose_word_it_is() -> None:
    source = CATALOG.source("S comment 99")
    assert source is not None
    assert "answer" in source.meaning
    assert source.statement is None


@pytest.mark.skipif(not LICENSING.exists(), reason="the terms are not at hand")
def test_every_mark_stands_at_its_rule_in_the_terms() -> None:
    text = LICENSING.read_text("utf-8")
    rules = dict(re.findall(r"^(\d+)\. (.*)$", text, re.MULTILINE))
    cited = {
        number: {
            word.strip()
            for bracket in re.findall(r"\[([^\]]*)\]", rule)
            for word in re.split(r"[,;:]", bracket.replace("read so", ""))
        }
        for number, rule in rules.items()
    }
    for mark in sorted(all_marks()):
        origin, _, number = mark.rpartition(" ")
        if number.isdigit():
            assert origin in cited[number], mark
    assert len(rules) == 28
    statements = [CATALOG.source(f"P {number}") for number in rules]
    assert all(found is not None and found.statement for found in statements)
    assert CATALOG.source("P 29") == CATALOG.source("P 29")._replace(statement=None)  # type: ignore[union-attr]


def test_builtin_data_has_no_faults() -> None:
    assert faults(Catalog.builtin_documents(), CATALOG) == ()
    assert len(Catalog.builtin_documents()) == len(PRODUCTS) + 2
    for document in Catalog.builtin_documents():
        assert (document["apiVersion"], document["kind"]) == ("ocspolicy/v1", "Catalog")


SQL: dict[str, Any] = {
    "products": [
        {
            "id": R2,
            "licenses": [{"id": "sql-server", "holders": ["instance"], "source": ["order 7"]}],
            "roles": [
                {
                    "id": "back-end",
                    "aliases": ["sql"],
                    "licensing": "counted",
                    "license": "sql-server",
                    "source": ["order 7"],
                }
            ],
        }
    ]
}
BOT: dict[str, Any] = {
    "products": [
        {
            "id": R2,
            "roles": [{"id": "bot", "licensing": "free", "source": ["order 7"]}],
            "features": [{"id": "bot-chat", "licensing": "tier", "tier": "enterprise", "source": ["order 7"]}],
        }
    ],
    "suites": [
        {
            "id": "enterprise-cal-suite",
            "grants": [{"product": LYNC_2010, "tiers": ["standard"], "source": ["order 7"]}],
        }
    ],
}
NEXT: dict[str, Any] = {
    "products": [
        {"id": "next", "family": "communications-server", "version": 8, "source": ["order 7"]},
    ],
    "sources": [{"id": "order", "meaning": "an order of the company"}],
    "statements": [{"id": "7", "text": "seven"}],
}


def test_organization_changes_a_fact_and_leaves_the_rest() -> None:
    catalog = CATALOG.with_documents([SQL])
    changed = catalog.product(R2)
    assert changed is not None
    role = changed.role("sql")
    assert role is not None
    assert (role.id, role.name, role.licensing, role.license) == (
        "back-end",
        "back-end database",
        "counted",
        "sql-server",
    )
    assert (role.source, role.note) == (("order 7",), None)
    assert changed.role("edge") == product(R2).role("edge")
    assert "sql-server" in catalog.license_kinds
    assert product(R2).license("sql-server") is None
    assert faults([SQL], catalog) == ()


def test_new_source_drops_the_doubt_of_the_fact_it_replaces() -> None:
    stated = {"id": "edge", "licensing": "free", "source": ["order 7"]}
    alias = {"id": "mediation", "aliases": ["gateway"]}
    another = {"id": "communicator-web-access", "aliases": ["web-access"]}
    catalog = CATALOG.with_documents([{"products": [{"id": OCS_2007, "roles": [stated, alias, another]}]}])
    changed = catalog.product(OCS_2007)
    assert changed is not None
    edge, mediation = changed.role("av-edge"), changed.role("gateway")
    assert changed.role("web-access") is changed.role("cwa") is not None
    assert edge is not None
    assert mediation is not None
    assert (edge.licensing, edge.license, edge.certainty) == ("free", None, Certainty.CERTAIN)
    assert (mediation.licensing, mediation.certainty) == ("counted", Certainty.DISPUTED)


def test_organization_adds_product_grant_and_source() -> None:
    catalog = CATALOG.with_documents([SQL, BOT, NEXT])
    suite = catalog.suite("enterprise-cal-suite")
    added = catalog.product("next")
    assert suite is not None
    assert added is not None
    assert [grant.product for grant in suite.grants] == [R2, LYNC_2010]
    assert "next" in catalog.product_ids
    assert catalog.serves_version("next", R2)
    assert added.tiers_for(["presence"]) == ()
    assert added.external_users.licensing == "undetermined"
    source = catalog.source("order 7")
    assert source is not None
    assert source.statement == "seven"
    assert CATALOG.suite("enterprise-cal-suite") != suite


def test_order_of_documents_that_say_different_things_changes_nothing() -> None:
    seen = set()
    for documents in permutations([SQL, BOT, NEXT]):
        catalog = CATALOG
        for document in documents:
            catalog = catalog.with_documents([document])
        found = catalog.product(R2)
        assert found is not None
        seen.add((frozenset(found.roles), frozenset(found.licenses), catalog.role_ids, catalog.product_ids))
    assert len(seen) == 1


FAULTS = [
    (
        "license",
        {"roles": [{"id": "x", "licensing": "counted", "license": "sever"}]},
        ("roles", 0, "license"),
        "did you mean 'server'",
    ),
    (
        "no-license",
        {"roles": [{"id": "x", "licensing": "counted"}]},
        ("roles", 0),
        "nothing is named here",
    ),
    (
        "license-of-people",
        {"roles": [{"id": "x", "licensing": "counted", "license": "user-cal"}]},
        ("roles", 0, "license"),
        "'user-cal' is not known here",
    ),
    (
        "edition",
        {"roles": [{"id": "x", "licensing": "counted", "license": "server", "edition": "none"}]},
        ("roles", 0, "edition"),
        "license 'server' has editions",
    ),
    (
        "no-edition",
        {"roles": [{"id": "edge", "license": "group-chat-server"}]},
        ("roles", 0),
        "'optional' cannot be: license 'group-chat-server' has no editions",
    ),
    (
        "alias",
        {"roles": [{"id": "x", "licensing": "free", "aliases": ["edge"]}]},
        ("roles", 0, "aliases", 0),
        "'edge' also means role 'edge'",
    ),
    (
        "tier",
        {"features": [{"id": "x", "licensing": "tier", "tier": "enterprize"}]},
        ("features", 0, "tier"),
        "did you mean 'enterprise'?",
    ),
    (
        "feature-license",
        {"features": [{"id": "x", "licensing": "license", "license": "server"}]},
        ("features", 0, "license"),
        "'server' is not known here",
    ),
    (
        "served-edition",
        {"licenses": [{"id": "x", "holders": ["instance"], "editions": [{"id": "a", "serves": ["b"]}]}]},
        ("licenses", 0, "editions", 0, "serves", 0),
        "'b' is not known here, expected one of a",
    ),
    (
        "cal-edition",
        {"licenses": [{"id": "x", "holders": ["user"], "editions": [{"id": "a", "serves": ["standard"]}]}]},
        ("licenses", 0, "editions", 0, "id"),
        "'a' is not known here",
    ),
    (
        "required-tier",
        {"tiers": [{"id": "enterprise", "requires": ["y"]}]},
        ("tiers", 0, "requires", 0),
        "'y' is not known here",
    ),
    (
        "ring",
        {"tiers": [{"id": "standard", "requires": ["enterprise"]}]},
        ("tiers", 0, "requires", 0),
        "tier 'standard' requires itself",
    ),
    ("bases", {"tiers": [{"id": "enterprise", "base": True}]}, ("tiers",), "exactly one tier"),
    (
        "external-license",
        {"externalUsers": {"licensing": "connector-or-cal", "license": "server"}},
        ("externalUsers", "license"),
        "'server' is not known here, expected one of external-connector",
    ),
    (
        "limit",
        {"limits": [{"id": "x", "edition": "standard", "of": "edges", "per": "pool", "most": 1}]},
        ("limits", 0, "of"),
        "did you mean 'edge'?",
    ),
    (
        "unsold-tier",
        {"tiers": [{"id": "x", "requires": ["standard"]}]},
        ("tiers", 0, "id"),
        "serves tier 'x'",
    ),
    (
        "no-longer-sold",
        {
            "licenses": [
                {"id": kind, "editions": [{"id": "standard", "serves": ["standard"]}]}
                for kind in ("user-cal", "device-cal")
            ]
        },
        ("licenses",),
        "serves tier 'enterprise'",
    ),
    ("no-holders", {"licenses": [{"id": "x"}]}, ("licenses", 0), "nobody holds license 'x'"),
    (
        "suite-as-license",
        {"licenses": [{"id": "core-cal-suite", "holders": ["user"]}]},
        ("licenses", 0, "id"),
        "'core-cal-suite' is a suite",
    ),
    (
        "role-that-is-an-alias",
        {"roles": [{"id": "av-edge", "licensing": "free"}]},
        ("roles", 0, "id"),
        "'av-edge' also means role 'edge'",
    ),
    (
        "license-of-a-free-role",
        {"roles": [{"id": "x", "licensing": "free", "license": "server"}]},
        ("roles", 0, "license"),
        "role 'x' is not counted",
    ),
    (
        "license-of-a-role-that-was-free",
        {"roles": [{"id": "mediation", "license": "server"}]},
        ("roles", 0, "license"),
        "role 'mediation' is not counted",
    ),
    (
        "edition-of-a-free-role",
        {"roles": [{"id": "x", "licensing": "free", "edition": "required"}]},
        ("roles", 0, "edition"),
        "found 'edition' though role 'x' is not counted",
    ),
    (
        "edition-that-nobody-can-declare",
        {
            "licenses": [{"id": "x", "holders": ["instance"], "editions": [{"id": "web"}]}],
            "roles": [{"id": "x", "licensing": "counted", "license": "x", "edition": "required"}],
        },
        ("roles", 0, "edition"),
        "no server can declare edition 'web'",
    ),
    (
        "tier-of-an-open-feature",
        {"features": [{"id": "remote-call-control", "tier": "enterprise"}]},
        ("features", 0, "tier"),
        "is 'undetermined', leave it out",
    ),
    (
        "license-beside-a-tier",
        {"features": [{"id": "x", "licensing": "tier", "tier": "standard", "license": "group-chat-cal"}]},
        ("features", 0, "license"),
        "is 'tier', leave it out",
    ),
]


@pytest.mark.parametrize(("stated", "path", "message"), [it[1:] for it in FAULTS], ids=[it[0] for it in FAULTS])
def test_fault_is_found_at_its_place(stated: dict[str, Any], path: tuple[Any, ...], message: str) -> None:
    documents = [SQL, {"products": [{"id": R2, **stated}]}]
    found = faults(documents, CATALOG.with_documents(documents))
    assert [(fault.document, fault.path) for fault in found] == [(1, ("products", 0, *path))]
    assert message in found[0].message


@pytest.mark.parametrize(
    ("grant", "path", "message"),
    [
        ({"product": "ocs-2007r2"}, ("product",), "did you mean 'ocs-2007-r2'"),
        ({"product": R2, "tiers": ["plus"]}, ("tiers", 0), "expected one of standard, enterprise"),
    ],
)
def test_grant_that_leads_nowhere_is_a_fault(grant: dict[str, Any], path: tuple[Any, ...], message: str) -> None:
    documents: list[dict[str, Any]] = [{"suites": [{"id": "x", "grants": [grant]}]}]
    found = faults(documents, CATALOG.with_documents(documents))
    assert [fault.path for fault in found] == [("suites", 0, "grants", 0, *path)]
    assert message in found[0].message


def test_suite_that_is_a_license_kind_is_a_fault() -> None:
    documents: list[dict[str, Any]] = [{"suites": [{"id": "group-chat-cal", "grants": []}]}]
    found = faults(documents, CATALOG.with_documents(documents))
    assert [(fault.path, fault.message) for fault in found] == [
        (("suites", 0, "id"), "'group-chat-cal' is a license kind, choose another id")
    ]


def test_what_two_documents_state_is_a_fault() -> None:
    documents = [SQL, NEXT, SQL, NEXT]
    found = faults(documents, CATALOG.with_documents(documents))
    assert [(fault.document, fault.path) for fault in found] == [
        (2, ("products", 0, "licenses", 0, "id")),
        (2, ("products", 0, "roles", 0, "id")),
        (3, ("sources", 0, "id")),
        (3, ("statements", 0, "id")),
        (3, ("products", 0, "id")),
    ]


def test_only_files_that_are_asked_for_are_read() -> None:
    code = (
        "import os, sys; opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "from ocspolicy.catalog import Catalog\n"
        "catalog = Catalog.builtin(); catalog.product_ids; catalog.product('ocs-2007-r2')\n"
        "print(sorted(os.path.basename(name) for name in opened if name.endswith('.json')))\n"
        "print(sorted({'pydantic', 'ruamel.yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["['ocs-2007-r2.json']", "[]"]
