"""The reasons of the position as a tree that unfolds: license kind, deployment, who asks, which lines serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import reasons_in_words as words
from ..wording import counted, short_name
from .markup import element, stacked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...reason import Asking, Reason, Serving
    from .markup import Child, Markup

_KINDS = 100
_MOST = 50
"""How many deployments, askers and lines a list shows; the rest is counted."""


def reasons(found: Sequence[Reason]) -> Markup:
    """Give a tree for each license kind, closed except where something is short."""
    return stacked(
        element(
            "p", "Open a license kind to see who asks for it, what serves them and which fact says so.", class_="hint"
        ),
        *(_kind(reason) for reason in found[:_KINDS]),
        _rest(len(found), _KINDS, "license kind", "p"),
    )


def _kind(reason: Reason) -> Markup:
    said = [words.bridge(reason), *words.waits(reason), *(f"Proof: {text}" for text in words.proof(reason))]
    parts = [
        *(element("p", text) for text in said if text),
        _asked(reason),
        _served(reason),
        element("p", left_out) if (left_out := words.left_out(reason)) else None,
    ]
    return element(
        "details", stacked(element("summary", words.head(reason)), *parts), class_="tree", open=reason.row.balance < 0
    )


def _asked(reason: Reason) -> Markup | None:
    if not reason.asking:
        return None
    found = list(words.deployments(reason.asking))
    shown = (
        _branch(
            f"{short_name(name)}: {sum(it.number for it in asking):,}",
            [_asking(it) for it in asking[:_MOST]],
            len(asking),
        )
        for name, asking in found[:_MOST]
    )
    title = f"Asked for: {reason.asked:,}"
    return element(
        "details", stacked(element("summary", title), *shown, _rest(len(found), _MOST, "deployment", "p")), open=True
    )


def _served(reason: Reason) -> Markup | None:
    if not reason.serving:
        return None
    title = f"Served from {counted(len(reason.serving), 'inventory line')}"
    return _branch(title, [_serving(it) for it in reason.serving[:_MOST]], len(reason.serving))


def _branch(title: str, entries: Sequence[Markup], number: int) -> Markup:
    entries = [*entries, *_more(number)]
    return element("details", stacked(element("summary", title), element("ul", stacked(*entries))), open=True)


def _more(number: int) -> Iterator[Markup]:
    if (rest := _rest(number, _MOST, "entry", "li", "entries")) is not None:
        yield rest


def _rest(number: int, most: int, noun: str, name: str, plural: str = "") -> Markup | None:
    if number <= most:
        return None
    return element(name, f"{counted(number - most, noun, plural)} more, in ocspolicy position --why")


def _asking(asking: Asking) -> Markup:
    return _entry(words.asks(asking), [words.because(asking), *words.covers(asking, words.BRIEF)])


def _serving(serving: Serving) -> Markup:
    facts = words.by_which_facts(serving)
    return _entry(words.serves(serving, words.BRIEF), [facts] if facts else [])


def _entry(text: str, details: Sequence[str]) -> Markup:
    children: list[Child] = [text, *(element("small", said) for said in details)]
    return element("li", *children)
