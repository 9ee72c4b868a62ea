"""The byte test: it may look at too much, never at too little."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocspolicy.recognition import API_VERSION, any_holds_ours, holds_ours


def least_edits(text: str) -> int:
    """Count the edits from our apiVersion to the nearest part of a text, by the plain definition."""
    row = list(range(len(API_VERSION) + 1))
    best = row[-1]
    for letter in text:
        new = [0]
        for column, expected in enumerate(API_VERSION, 1):
            new.append(min(row[column - 1] + (letter != expected), row[column] + 1, new[-1] + 1))
        row = new
        best = min(best, row[-1])
    return best


def is_ours(text: str) -> bool:
    lowered = text.lower()
    return "ocspolicy" in lowered or "licenseinventory" in lowered or least_edits(lowered) <= 2


letters = st.one_of(
    st.sampled_from(API_VERSION),
    st.sampled_from("x.é\u0456\u0130😀\n "),
    st.characters(codec="utf-8", exclude_characters="\0"),
)
padding = st.text(st.one_of(st.sampled_from(API_VERSION), letters), max_size=30)


@st.composite
def mistyped(draw: st.DrawFn) -> str:
    value = list(API_VERSION)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(value)))
        match draw(st.sampled_from(["insert", "change", "remove"])):
            case "insert":
                value.insert(place, draw(letters))
            case "change":
                value[place : place + 1] = [draw(letters)]
            case _:
                del value[place : place + 1]
    return "".join(letter.upper() if draw(st.booleans()) else letter for letter in value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-mark", "utf-16-be-mark"])
@settings(deadline=None, max_examples=200)
@given(before=padding, value=mistyped(), after=padding)
def test_agrees_with_the_definition(encoding: str, before: str, value: str, after: str) -> None:
    text = before + value + after
    match encoding:
        case "utf-16-le-mark":
            data = b"\xff\xfe" + text.encode("utf-16-le")
        case "utf-16-be-mark":
            data = b"\xfe\xff" + text.encode("utf-16-be")
        case _:
            data = text.encode(encoding)
    assert holds_ours(data) == is_ours(text)


@settings(deadline=None, max_examples=200)
@given(st.text(st.one_of(st.sampled_from("ocspliy/v1"), letters), max_size=80))
def test_agrees_with_the_definition_on_any_text(text: str) -> None:
    assert holds_ours(text.encode()) == is_ours(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("apiVersion: ocspolicy/v1", True, id="ours"),
        pytest.param("APIVERSION: OCSPolicy/V2", True, id="case"),
        pytest.param("apiVersion: ocspolcy/v1", True, id="letter-missing"),
        pytest.param("apiVersion: opcspolicy/v11", True, id="letters-doubled"),
        pytest.param("apiVersion: ocspol\u0456c\u0443/v1", True, id="look-alikes"),
        pytest.param("apiVersion: cospolicy/v1", True, id="letters-swapped"),
        pytest.param("apiVerson: ocpolicy/1", True, id="key-and-value"),
        pytest.param("ocspocspoli😀cy/😀v1", True, id="begins-inside-a-piece"),
        pytest.param("ocspolicy", True, id="our-name-anywhere"),
        pytest.param("kind: licenseInventory", True, id="inventory"),
        pytest.param("apiVersion: policy/v1", False, id="kubernetes-policy"),
        pytest.param("apiVersion: apps/v1\nspec: {imagePullPolicy: Always}", False, id="kubernetes-deployment"),
        pytest.param("ssl_stapling: on  # OCSP", False, id="certificates"),
        pytest.param("kind: LicenceInventory", False, id="other-kind"),
        pytest.param("", False, id="empty"),
    ],
)
def test_recognizes(text: str, *, expected: bool) -> None:
    assert holds_ours(text.encode()) is expected


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_does_not_take_a_forbidden_encoding_for_another_tool_s_file(encoding: str) -> None:
    assert holds_ours("# é\napiVersion: ocspolicy/v1\n".encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("value", ["ocspolicy/v1", "ocspolcy/1", "LicenseInventory", "\u0456cspolicy/v\u0456"])
@settings(deadline=None, max_examples=40)
@given(offset=st.integers(0, 600))
def test_sees_what_lies_across_pieces(encoding: str, value: str, offset: int) -> None:
    def in_pieces(text: str) -> list[bytes]:
        data = ("-" * offset + text + "-" * 600).encode(encoding)
        return [data[start : start + 512] for start in range(0, len(data), 512)]

    assert any_holds_ours(in_pieces(value))
    assert not any_holds_ours(in_pieces("policy/v1"))


@pytest.mark.parametrize("unit", ["policy/", "ocspo ", "licy v1 ", "cyxxxxx/v1 ", "ocspocspo", "licyx/"])
def test_takes_bounded_time(unit: str) -> None:
    text = "".join(f"{unit}{number}" for number in range((4 << 20) // len(unit)))[: 4 << 20]
    start = time.process_time()
    holds_ours(text.encode())
    assert time.process_time() - start < 5
