from __future__ import annotations

import sys
from unicodedata import normalize

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ocspolicy.people import LONGEST_IDENTITY, fold, identity_fault, look_alikes
from ocspolicy.people.look_alike import _ALIKE, _CAPITAL, _SMALL

TEXT = st.text(max_size=20)
NEAR = st.text(alphabet="sSiIpPmMtT: \t\u017f\u0130\u0131\u212aK\u1e9e\xdf\u03a3\u03c2", max_size=12)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Ann@Contoso.Example", "ann@contoso.example"),
        (" \tann\r\n", "ann"),
        ("\xa0ann\u3000", "ann"),
        ("sip:Ann", "ann"),
        ("SMTP:ann", "ann"),
        (" Sip: ann ", "ann"),
        ("sip:smtp:ann", "ann"),
        ("sip:", ""),
        ("sips:ann", "sips:ann"),
        ("x400:ann", "x400:ann"),
        ("\u017fip:ann", "\u017fip:ann"),
        ("s\u0131p:ann", "s\u0131p:ann"),
        ("an n", "an n"),
        ("J\xd6RG", "j\xf6rg"),
        ("\u0401\u0416", "\u0451\u0436"),
        ("STRASSE", "strasse"),
        ("stra\xdfe", "stra\xdfe"),
        ("STRA\u1e9eE", "stra\u1e9ee"),
        ("\u212aelvin", "\u212aelvin"),
        ("\u0130stanbul", "\u0130stanbul"),
        ("\u039f\u03a3", "\u03bf\u03c3"),
        ("\u03bf\u03c2", "\u03bf\u03c2"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_fold_merges_only_two_cases_of_one_letter() -> None:
    spellings: dict[str, list[str]] = {}
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if not character.isspace() and not 0xD800 <= code < 0xE000:
            spellings.setdefault(fold(character), []).append(character)
    merged = {folded: found for folded, found in spellings.items() if found != [folded]}
    assert len(merged) > 1000
    for folded, found in merged.items():
        assert sorted(found) == sorted([folded, folded.upper()])


@settings(deadline=None)
@given(TEXT | NEAR)
def test_fold_twice_is_fold_once(identity: str) -> None:
    assert fold(fold(identity)) == fold(identity)


@settings(deadline=None)
@given(TEXT | NEAR)
def test_fold_keeps_every_character_of_what_is_left(identity: str) -> None:
    folded = fold(identity)
    rest = identity.strip()
    assert len(folded) <= len(rest)
    if ":" not in identity:
        assert len(folded) == len(rest)
        assert all(one in {other, other.lower()} for one, other in zip(folded, rest, strict=True))


def test_fold_is_linear_in_hostile_prefixes() -> None:
    assert fold("sip: " * 400_000 + "Ann") == "ann"


@pytest.mark.parametrize(
    ("identity", "fault"),
    [
        ("ann", None),
        ("\u5f35\u5049", None),
        ("a\u200bnn", None),
        ("a" * LONGEST_IDENTITY, None),
        ("a" * (LONGEST_IDENTITY + 1), "1025 characters, expected at most 1024"),
        ("", "empty"),
        ("ann\nbob", "U+000A"),
        ("ann\tbob", "U+0009"),
        ("ann\rbob", "U+000D"),
        ("ann\x85bob", "U+0085"),
        ("ann\u2028bob", "U+2028"),
        ("ann\x7f", "U+007F"),
    ],
)
def test_identity_fault(identity: str, fault: str | None) -> None:
    found = identity_fault(identity)
    assert (found is None) if fault is None else (found is not None and fault in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("andr\xe9", "andre\u0301"),
        ("bob", "b\u043eb"),
        ("happy", "\u043d\u0430\u0440\u0440\u0443"),
        ("nick", "\u03bdick"),
        ("vera", "\u03bdera"),
        ("helen", "\u03b7elen"),
        ("o'brien", "o\u2019brien"),
        ("anna-maria", "anna\u2013maria"),
        ("ann", "\uff41\uff4e\uff4e"),
        ("ann", "an\u200bn"),
        ("ann", "a\u00adnn"),
        ("kelvin", "\u212aelvin"),
        ("strasse", "stra\xdfe"),
        ("office", "o\ufb03ce"),
        ("istanbul", "\u0130stanbul"),
        ("istanbul", "\u0131stanbul"),
        ("\xebva", "\u0451va"),
        ("ann bob", "ann\xa0bob"),
        ("sona", "\u057f\u0585na"),
        ("\u03bf\u03c3", "\u03bf\u03c2"),
        ("ann@contoso.example", "ann\uff20contoso.example"),
    ],
)
def test_look_alikes_are_found(one: str, other: str) -> None:
    expected = [tuple(sorted((one, other)))]
    assert look_alikes(["else", other, one, "\u5f35"]) == expected
    assert look_alikes({one, other}) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("o'brien", "0'brien"),
        ("ann1", "annl"),
        ("andre", "andr\xe9"),
        ("muller", "m\xfcller"),
        ("\u5f35\u5049", "\u5f35\u7152"),
        ("\u0438\u0432\u0430\u043d", "ivan"),
        ("ann", "ann"),
    ],
)
def test_others_are_not(one: str, other: str) -> None:
    assert look_alikes([one, other]) == []


def test_each_look_alike_stands_with_the_first() -> None:
    found = look_alikes(["b\u043eb", "bob", "b\u03bfb", "bo\u200bb", "b\u043eb"])
    assert found == [("bob", "bo\u200bb"), ("bob", "b\u03bfb"), ("bob", "b\u043eb")]


def test_plain_identities_need_not_be_there() -> None:
    assert look_alikes(["b\u043eb", "b\u03bfb"]) == [("b\u03bfb", "b\u043eb")]


@settings(deadline=None)
@given(st.lists(st.text(alphabet="aob\u0430\u03bf\u043e\u200b\xdfs\u0301\xe9e", max_size=4)), st.randoms())
def test_look_alikes_do_not_depend_on_order(identities: list[str], random: object) -> None:
    found = look_alikes(identities)
    assert found == sorted(set(found))
    for one, other in found:
        assert one < other
        assert not (one.isascii() and other.isascii())
        assert {one, other} <= set(identities)
    shuffled = list(identities)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert look_alikes(shuffled) == found


@settings(deadline=None)
@example("\N{RAISED MC SIGN}")
@given(st.text(min_size=1, max_size=10).map(fold))
def test_unicode_forms_look_alike(identity: str) -> None:
    forms = {fold(normalize(form, identity)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    found = {identity for pair in look_alikes(forms) for identity in pair}
    assert found == (forms if len(forms) > 1 else set())


def test_every_letter_of_the_table_is_met() -> None:
    for table in (_ALIKE, _SMALL, _CAPITAL):
        for code, plain in table.items():
            assert normalize("NFKD", chr(code).casefold()) == chr(code), hex(code)
            assert plain.isascii()
            assert len(plain) == 1
