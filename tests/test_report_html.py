import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from itertools import pairwise

import pytest
from browser import Element, read
from golden_files import GOLDEN, compare
from hypothesis import example, given, settings
from hypothesis import strategies as st
from report_samples import (
    CAL_LINE,
    DISPUTED,
    EMEA,
    POSITION,
    REASONS,
    RULES,
    SAMPLES,
    UNCOVERED,
    UNUSED,
    USED_WAIVER,
    WAIVED,
    report,
    reports,
    shortage,
    stands,
    texts,
)

from ocspolicy.errors import Problem
from ocspolicy.finding import Certainty, PluginInfo, PositionRow, Report, Severity, WaiverInfo
from ocspolicy.place import Location, Span
from ocspolicy.reason import Fact, Served, Serving, Use
from ocspolicy.report import View, render, renderer
from ocspolicy.report.headline import verdict_of
from ocspolicy.report.html.position import share
from ocspolicy.report.sanitize import shown
from ocspolicy.report.wording import last_line

ELEMENTS = re.compile(
    "html|head|meta|title|style|body|a|header|p|span|nav|ul|li|main|div|h[1-4]|dl|dt|dd|section|article|code|pre|mark"
    "|strong|details|summary|table|caption|thead|tbody|tr|th|td|small|wbr|footer|svg|defs|pattern|path|rect"
)
ATTRIBUTES = re.compile(
    "lang|charset|http-equiv|content|name|class|href|id|tabindex|aria-(labelledby|label|hidden)|focusable|role"
    "|open|scope|colspan|viewbox|d|width|height|x|y|rx|fill|patternunits"
)
HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2028\u2029\ud800-\udfff]")


def page_of(any_report: Report) -> Element:
    return read(render(any_report, "html"))


def classes(element: Element) -> list[str]:
    return element.attributes.get("class", "").split()


def cards(page: Element) -> list[Element]:
    return list(page.all("article"))


def section(page: Element, name: str) -> Element:
    return page.one("section", id=name)


def rows(table: Element) -> list[list[str]]:
    return [[cell.text for cell in row.children if isinstance(cell, Element)] for row in table.all("tr")]


def pairs(element: Element) -> dict[str, str]:
    names = [name.text for name in element.all("dt")]
    return dict(zip(names, [value.text for value in element.all("dd")], strict=True))


@pytest.mark.parametrize("sample", SAMPLES)
def test_html(sample: str) -> None:
    compare(GOLDEN / "report" / sample / "page.html", render(SAMPLES[sample], "html"))


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(list(SAMPLES.values())) | reports)
def test_the_page_is_made_of_known_elements_and_loads_nothing(any_report: Report) -> None:
    text = render(any_report, "html")
    assert text.startswith('<!doctype html>\n<html lang="en">')
    page = read(text)
    for element in page.all():
        assert ELEMENTS.fullmatch(element.name)
        assert all(map(ATTRIBUTES.fullmatch, element.attributes)), element
        assert re.fullmatch(r"(#[a-z0-9-]+)?", element.attributes.get("href", ""))
        assert element.attributes.get("fill", "url(#hatch)") == "url(#hatch)"
    style = page.one("style").text
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = next(meta for meta in page.all("meta") if "http-equiv" in meta.attributes)
    assert policy.attributes == {
        "http-equiv": "Content-Security-Policy",
        "content": f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    }
    assert "url(" not in style
    assert "@import" not in style
    for line in text.split("\n"):
        assert not HIDDEN.search(line)
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
        assert "##vso[" not in line.lower()


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(list(SAMPLES.values())) | reports)
def test_the_page_can_be_walked_by_ear_and_by_keyboard(any_report: Report) -> None:
    page = page_of(any_report)
    levels = [int(it.name[1]) for it in page.all() if re.fullmatch("h[1-6]", it.name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [it.attributes["id"] for it in page.all() if "id" in it.attributes]
    assert len(ids) == len(set(ids))
    for link in page.all("a"):
        assert link.attributes["href"][1:] in ids
        assert link.text
    body = page.one("body")
    assert [it.name for it in body.children if isinstance(it, Element)] == ["a", "header", "main", "footer"]
    assert body.one("header").one("nav").attributes["aria-label"]
    for part in page.all("section"):
        assert part.attributes["aria-labelledby"] in ids
    for table in page.all("table"):
        assert table.one("caption").text
        assert all(head.attributes["scope"] in {"row", "col"} for head in table.all("th"))
    for drawing in page.all("svg"):
        assert drawing.attributes.get("aria-hidden") == "true" or (
            drawing.attributes["role"] == "img" and drawing.attributes["aria-label"]
        )


@settings(deadline=None, max_examples=50)
@given(reports)
def test_all_that_a_report_holds_is_there(any_report: Report) -> None:
    page = page_of(any_report)
    kinds = Counter("waived" if found.waived else str(found.severity) for found in any_report.findings)
    assert Counter(kind for card in cards(page) for kind in classes(card)[1:] if kind != "problem") == kinds
    assert sum("problem" in classes(card) for card in cards(page)) == len(any_report.problems)
    heads = [card.one("h3").text for card in cards(page) if "problem" in classes(card)]
    assert heads == [shown(problem.kind) + shown(problem.message) for problem in any_report.problems]
    tables = list(page.all("table", class_="position"))
    assert bool(tables) == bool(any_report.position and not any_report.problems)
    for table in tables:
        numbers = [row[1:] for row in rows(table)[1:] if len(row) > 1]
        assert numbers == [
            [f"{row.required:,}", f"{row.owned:,}", f"{row.balance:,}" + ("short" if row.balance < 0 else "")]
            for row in any_report.position
        ]
        assert len(list(table.all("svg"))) == len(any_report.position)
    listed = [row for table in page.all("table", class_="waivers") for row in rows(table)[1:]]
    assert len(listed) == len(any_report.waivers)
    assert last_line(any_report) in page.one("footer").text
    assert verdict_of(any_report).title == page.one("h1").text


@settings(deadline=None, max_examples=100)
@given(texts)
@example('" onmouseover="alert(1)')
@example("' onmouseover='alert(1)")
@example("</title></style></script><!-- <![CDATA[ &lt; &#60; &amp")
def test_any_text_reads_back_and_becomes_no_element(text: str) -> None:
    def filled(word: str) -> Element:
        place = Location(word, Span(3, 1, 3, 2), word)
        finding = shortage(
            rule=word, name=word, message=word, deployment=word, location=place, remedy=word, source=(word,), facts={}
        )
        problem = Problem(word, word, place, "x")
        return page_of(
            report(
                as_of=word,
                version=word,
                deployments=(word,),
                findings=(finding, finding._replace(waived=WAIVED._replace(reason=word, expires=word))),
                rules=(RULES[0]._replace(id=word, name=word, summary=word),),
                plugins=(PluginInfo(word, word),),
                waivers=(WaiverInfo(word, word, word, word, word, place),),
                problems=(problem,) if word.endswith("p") else (),
                position=(PositionRow(word, word, word, word, 1, 0),),
            )
        )

    for end in ("a", "p"):
        word = f"a{text}{end}"
        page = filled(word)
        assert [it.name for it in page.all()] == [it.name for it in filled(f"b{end}").all()]
        found = next(card for card in cards(page) if "error" in classes(card))
        assert found.one("h3").text == "error" + shown(word)
        assert found.one("p", class_="remedy").text == "What helps: " + shown(word)
        assert pairs(found.one("dl"))["Sources"] == shown(word)
        assert found.one("p", class_="where").text == "".join(
            (shown(word), " ", shown(word), shown(str(Location(word, Span(3, 1, 3, 2)))), shown(word))
        )
    assert page_of(report(position=(PositionRow(None, f"a{text}", None, None, 2, 1),))).one(
        "svg", role="img"
    ).attributes["aria-label"] == shown(f"a{text}: 2 required, 1 owned, 1 missing")


VERDICTS = {
    "covered": (report(), "covered", "Covered", ("The licenses owned cover contoso-emea.",)),
    "disputed": (
        SAMPLES["disputed"],
        "covered",
        "Covered",
        (
            "The licenses owned cover contoso-emea, with 1 warning.",
            "1 finding is left open by the terms.",
        ),
    ),
    "waived": (
        SAMPLES["waived"],
        "covered",
        "Covered, with 1 waived finding",
        (
            "But for what is waived, the licenses owned cover contoso-emea, with 1 info.",
            "1 finding is accepted by a waiver and does not count today.",
        ),
    ),
    "short": (
        SAMPLES["short"],
        "failed",
        "Not covered",
        ("1 of 3 license kinds is short; 2 errors in contoso-emea.",),
    ),
    "an error that is no shortage": (
        report(position=POSITION[::2], findings=(UNCOVERED,)),
        "failed",
        "Not covered",
        ("1 error in contoso-emea.",),
    ),
    "warnings that fail": (
        report(fail_on=Severity.WARNING, position=(), findings=(DISPUTED._replace(deployment=None),), deployments=()),
        "failed",
        "Failed",
        (
            "1 warning in what was judged; this check fails on warning and above.",
            "1 finding is left open by the terms.",
        ),
    ),
    "never": (
        SAMPLES["never"],
        "failed",
        "Not covered",
        (
            "1 of 3 license kinds is short; 1 error in contoso-emea.",
            "This check was told never to fail the build.",
        ),
    ),
    "could not judge": (
        report(problems=(Problem("git", "no git"),)),
        "unjudged",
        "Could not judge",
        ("1 problem stands in the way of a full judgement. Whether the licenses are enough is not known.",),
    ),
    "could not judge all": (
        SAMPLES["problem"],
        "unjudged",
        "Could not judge",
        (
            "2 problems stand in the way of a full judgement. Whether the licenses are enough is not known.",
            "1 error in what could be read.",
        ),
    ),
}


@pytest.mark.parametrize("case", VERDICTS)
def test_the_verdict_is_a_sentence(case: str) -> None:
    judged, kind, title, sentences = VERDICTS[case]
    assert verdict_of(judged) == (kind, title, sentences)
    page = page_of(judged)
    head = page.one("div", class_="hero")
    assert classes(head) == ["hero", kind]
    assert [it.text for it in head.all("p")] == list(sentences)
    assert page.one("title").text == f"{title}: licenses as of 2009-06-01"


def test_the_verdict_counts() -> None:
    numbers = {"license kinds short": "1 of 3", "errors": "2", "warning": "1", "info": "1"}
    tiles = page_of(SAMPLES["many"]).one("dl", class_="tiles")
    assert pairs(tiles) == numbers | {"left open by the terms": "1"}


@settings(deadline=None, max_examples=50)
@given(reports.filter(lambda it: bool(it.problems)))
def test_what_could_not_be_judged_never_looks_covered(any_report: Report) -> None:
    page = page_of(any_report)
    assert page.one("h1").text == "Could not judge"
    assert page.one("title").text.startswith("Could not judge: ")
    assert not [it for it in page.all() if "covered" in classes(it)]
    assert not list(page.all("svg", class_="bar"))
    own_words = page_of(report(problems=(Problem("git", "no git"),), rules=(), waivers=(USED_WAIVER,)))
    assert "cover" not in own_words.text.partition("</style>")[0].replace(own_words.one("style").text, "").lower()
    assert "0" not in pairs(page.one("dl", class_="tiles")).values()


@settings(deadline=None)
@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_a_part_of_a_bar_is_seen_and_never_looks_whole(number: int, whole: int) -> None:
    part = share(number, whole)
    assert (part == 0) == (number == 0 or whole == 0)
    assert (part == 1000) == (number >= whole > 0)
    if 0 < number < whole:
        assert 12 <= part <= 988
        assert abs(part - 1000 * number / whole) <= 12


@pytest.mark.parametrize(
    ("required", "owned", "expected"),
    [
        (4, 3, {"need": ("", "100.0%"), "own": ("", "75.0%"), "gap": ("75.0%", "25.0%")}),
        (4, 0, {"need": ("", "100.0%"), "gap": ("", "100.0%")}),
        (3, 4, {"need": ("", "75.0%"), "own": ("", "100.0%")}),
        (0, 9, {"own": ("", "100.0%")}),
        (0, 0, {}),
        (1_000_000, 999_999, {"need": ("", "100.0%"), "own": ("", "98.8%"), "gap": ("98.8%", "1.2%")}),
    ],
    ids=str,
)
def test_bars(required: int, owned: int, expected: dict[str, tuple[str, str]]) -> None:
    page = page_of(report(position=(PositionRow("p", "server", "standard", None, required, owned),)))
    bar = page.one("svg", class_="bar")
    drawn = {
        it.attributes["class"]: (it.attributes.get("x", ""), it.attributes["width"])
        for it in bar.all("rect")
        if it.attributes["class"] != "track"
    }
    assert drawn == expected
    state = "1 missing" if owned == required - 1 else ""
    assert bar.attributes["aria-label"].startswith(f"server/standard: {required:,} required, {owned:,} owned, {state}")


def test_the_place_is_marked_in_its_lines() -> None:
    finding = shortage()
    assert finding.location is not None
    assert finding.location.span is not None
    (card,) = cards(page_of(report(findings=(finding,))))
    assert card.one("mark").text == "{name: edge02.contoso.example, roles: [edge]}"
    assert [it.text for it in card.all("span", class_="no")] == ["13"]
    assert card.one("pre").text == "13  - {name: edge02.contoso.example, roles: [edge]}"


@pytest.mark.parametrize("name", ["日本語", "a\u0301e\u0301", "tab\there", "\x1b[31m", "x" * 400])
def test_marks_stand_right_beside_wide_and_hidden_characters(name: str) -> None:
    line = f"  {name}: {{name: edge02}} # {name}"
    start = line.index("{") + 1
    place = Location("a.yaml", Span(7, start, 7, start + len("{name: edge02}")))
    (card,) = cards(page_of(report(findings=(shortage(location=place, excerpt=line),))))
    assert card.one("mark").text == "{name: edge02}"


def test_a_place_of_several_lines_shows_the_first_of_them() -> None:
    place, lines = stands("emea.yaml", EMEA, EMEA[EMEA.index("pools:") : EMEA.index("users:")])
    (card,) = cards(page_of(report(findings=(shortage(location=place, excerpt=lines),))))
    assert [it.text for it in card.all("span", class_="no")] == ["4", "5", "6", ""]


def test_findings_stand_by_deployment_and_the_gravest_first() -> None:
    found = section(page_of(SAMPLES["many"]), "findings")
    assert [it.text for it in found.all("h3", class_="group")] == [
        "contoso-emea: 2 findings",
        "contoso-us: 1 finding",
        "The estate as a whole: 1 finding",
    ]
    assert [classes(card)[1] for card in cards(found)] == ["error", "warning", "error", "info"]
    assert "disputed" in [it.text for it in found.all("span", class_="tag")]


@pytest.mark.parametrize(("count", "folded"), [(24, 0), (25, 5), (1000, 980)])
def test_many_findings_are_folded_but_all_there(count: int, folded: int) -> None:
    found = section(page_of(report(findings=tuple(shortage(key=(str(it),)) for it in range(count)))), "findings")
    assert len(cards(found)) == count
    more = list(found.all("details", class_="cards"))
    assert [len(cards(it)) for it in more] == ([folded] if folded else [])
    if more:
        (summary,) = [it for it in more[0].children if isinstance(it, Element) and it.name == "summary"]
        assert summary.text == f"{folded:,} more findings"


def test_a_long_list_of_places_is_folded_but_whole() -> None:
    card = cards(page_of(SAMPLES["many"]))[0]
    (places,) = [it for it in card.all("dd") if it.text.startswith("emea.yaml:30")]
    assert places.text.count("also uncovered") == 12
    assert places.one("summary").text == "7 more"


def tree(any_report: Report) -> list[Element]:
    return list(section(page_of(any_report), "reasons").all("details", class_="tree"))


def test_the_reasons_unfold_from_the_balance_to_who_asks() -> None:
    (kind,) = tree(SAMPLES["short"])
    assert "open" in kind.attributes, "what is short is open"
    assert [it.text for it in kind.all("summary")] == [
        "ocs-2007-r2 server/standard: required 1, owned 0, balance -1",
        "Asked for: 2",
        "contoso-emea: 2",
    ]
    assert (
        next(it.text for it in kind.all("p")) == "required 1 = 2 asked for - 1 served by ocs-2007-r2 server/enterprise"
    )
    assert "covers 3: EA-1001; 4 - 3 = 1 short" in kind.text
    assert [it.text.split(";")[0] for it in kind.all("li")] == [
        "edge01.contoso.example: 1 running server",
        "edge02.contoso.example: 1 running server",
    ]
    assert "because of Edge [S 12, P 14]; emea.yaml:13:5" in kind.text


def test_reasons_are_bounded_and_the_rest_is_counted() -> None:
    (reason,) = REASONS
    asking = tuple(
        reason.asking[0]._replace(deployment=f"d{number % 60:02}", subject=f"s{number}") for number in range(6000)
    )
    asking = tuple(sorted(asking, key=lambda it: it.deployment))
    found = report(why=(reason._replace(asking=asking),) * 150)
    assert len(tree(found)) == 100
    page = render(report(why=(reason._replace(asking=asking),)), "html")
    assert "50 entries more" in page
    assert "10 deployments more" in page
    assert "50 license kinds more" in render(report(why=REASONS * 150), "html")


def test_no_reasons_where_nothing_could_be_judged() -> None:
    page = page_of(report(why=REASONS, problems=(Problem("input", "x"),)))
    assert not list(page.all("details", class_="tree"))


@settings(deadline=None, max_examples=50)
@given(texts)
@example("</summary></details><script>")
def test_no_name_in_the_reasons_becomes_an_element(text: str) -> None:
    def names(word: str) -> list[str]:
        (reason,) = REASONS
        asking = tuple(it._replace(deployment=word, subject=word) for it in reason.asking)
        served = (Served(word, 1, (Fact("suite", word, word, Certainty.CERTAIN, (word,), (word,)),)),)
        line = Serving(word, word, 1, 1, (Use(word, word, 1, (word,), served[0].facts),))
        made = reason._replace(
            elsewhere=(((word,), 1),),
            asking=(asking[0]._replace(served=served),),
            serving=(line,),
            waiting=((word, 2),),
        )
        return [it.name for it in page_of(report(why=(made,))).all()]

    assert names(f"a{text}a") == names("b")


def test_a_finding_says_why_and_how_far_it_is_certain() -> None:
    said = pairs(cards(page_of(SAMPLES["waived"]))[1].one("dl"))
    assert said == {
        "Waived": "until 2009-06-30 by it-finance: EA order 778 signed, delivery in June",
        "Waiver at": "ocspolicy-waivers.yaml:4:5",
        "Certainty": "certain",
        "Proof": "4 running servers need a license, and the only line that can serve any of them covers 3: inventory.yaml#/licenses/0; 4 - 3 = 1 short",
        "See": "inventory.yaml:4:5: holds 3 licenses",
        "Sources": "S 12, P 13, S 15",
    }
    (disputed,) = cards(page_of(SAMPLES["disputed"]))
    assert pairs(disputed.one("dl"))["Certainty"] == "disputed; the sources can be read in two ways"


def test_waived_findings_stand_with_the_waivers() -> None:
    page = page_of(SAMPLES["waived"])
    assert [classes(card)[1] for card in cards(section(page, "findings"))] == ["info"]
    assert [classes(card)[1] for card in cards(section(page, "waivers"))] == ["waived"]


def test_waivers_stand_by_their_last_day() -> None:
    waivers = tuple(
        WaiverInfo("ROL001", f"reason {number}", day, None, state, CAL_LINE)
        for number, (day, state) in enumerate(
            [
                ("2010-01-01", "unused"),
                ("2009-06-02", "ending"),
                ("", "invalid"),
                ("2009-06-01", "used"),
                ("2009-05-31", "expired"),
                ("2009-06-30", "of another version"),
            ]
        )
    )
    listed = rows(page_of(report(waivers=waivers)).one("table", class_="waivers"))[1:]
    assert [row[0] for row in listed] == [
        "none",
        "2009-05-311 day ago",
        "2009-06-01today",
        "2009-06-02in 1 day",
        "2009-06-30in 29 days",
        "2010-01-01in 214 days",
    ]
    assert [row[2] for row in listed] == [
        "not valid",
        "ended",
        "in use",
        "in use, ends soon",
        "of another version",
        "nothing to accept",
    ]
    assert listed[0][1] == "ROL001 reason 2at inventory.yaml:5:5"


def test_rules_that_found_something_are_explained_and_linked() -> None:
    page = page_of(SAMPLES["short"])
    assert [it.text for it in section(page, "rules").all("h3")] == [
        "ROL001 server-license-shortage",
        "ROL003 additional-software-uncovered",
    ]
    assert [it.attributes["href"] for it in section(page, "findings").all("a")] == ["#rule-2", "#rule-1"]
    assert "Remedy: buy the shortage" in section(page, "rules").one("div", id="rule-1").text


def test_what_was_judged_is_told() -> None:
    judged = section(page_of(SAMPLES["many"]), "judged")
    assert pairs(judged.one("dl")) == {
        "Day of judgement": "2009-06-01",
        "Deployments": "3 deploymentscontoso-apaccontoso-emeacontoso-us",
        "Inventory": "14 lines of 2 inventories",
        "Shared inventory lines": "contoso-apac and contoso-emea",
        "Rules": "24 rules",
        "Fails the build": "error and above",
        "Passed over": "3 files and 1 document",
        "Plugins": "ocspolicy 0.1.0",
    }
    assert len(list(judged.one("table").all("tr"))) == 1 + len(RULES)


@pytest.mark.parametrize("count", [20, 21])
def test_many_deployments_are_folded(count: int) -> None:
    names = tuple(f"d{number:02}" for number in range(count))
    judged = section(page_of(report(deployments=names)), "judged").one("dl")
    assert [it.text for it in judged.all("li")] == list(names)
    assert len(list(judged.all("details"))) == (count > 20)


def test_display_options_change_nothing() -> None:
    plain = render(SAMPLES["many"], "html")
    assert renderer("html")(SAMPLES["many"], View(color=True, width=20, quiet=True, verbose=True)) == plain


def test_no_finding_is_left_out() -> None:
    found = tuple(UNUSED._replace(key=(str(number),), subject=str(number)) for number in range(3_000))
    assert render(report(findings=found), "html").count("<article") == 3_000
