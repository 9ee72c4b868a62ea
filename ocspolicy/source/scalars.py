"""The YAML 1.2 core schema, read off the source text, with the spellings of numbers that people misread left apart."""

from __future__ import annotations

import re

from .tree import Scalar, Unspelled

CORE = "tag:yaml.org,2002:"
CORE_NAMES = frozenset(("str", "int", "float", "bool", "null", "map", "seq"))
# No range of ours comes near; a bound keeps int() away from the length at which Python refuses.
MAX_DIGITS = 40

_NULLS: dict[str, Scalar] = dict.fromkeys(("", "~", "null", "Null", "NULL"))
_BOOLEANS: dict[str, Scalar] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WORDS = _NULLS | _BOOLEANS
_NUMBER_STARTS = frozenset("0123456789+-.")
_WHOLE = re.compile(rf"0|-?[1-9][0-9]{{0,{MAX_DIGITS - 1}}}")
_DECIMAL = re.compile(rf"-?(?:0|[1-9][0-9]{{0,{MAX_DIGITS - 1}}})\.[0-9]{{1,{MAX_DIGITS}}}")
_INTEGER_LIKE = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT_LIKE = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)


def resolve(text: str) -> Scalar | Unspelled:
    """Give the value of a plain scalar.

    A whole number in the one spelling that quantities take is an int (with a minus too, so that its range is
    what is wrong with it), a decimal number with a point a float; every other spelling of a number is `Unspelled`.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMBER_STARTS:
        return _number(text)
    return text


def _number(text: str) -> Scalar | Unspelled:
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return Unspelled(text) if _INTEGER_LIKE.fullmatch(text) or _FLOAT_LIKE.fullmatch(text) else text


def convert(tag: str, text: str) -> Scalar | Unspelled:
    """Give the value of a scalar under an explicit core tag.

    Args:
        tag: the tag's short name: `str`, `int`, `float`, `bool` or `null`.
        text: the scalar's text.

    Raises:
        ValueError: the text is no value of that type.
    """
    value = resolve(text)
    fits = {
        "str": True,
        "null": text in _NULLS,
        "bool": text in _BOOLEANS,
        "int": bool(_INTEGER_LIKE.fullmatch(text)),
        "float": bool(_FLOAT_LIKE.fullmatch(text)),
    }
    if not fits.get(tag):
        raise ValueError(text)
    if tag == "float" and isinstance(value, int):
        return float(value)
    return text if tag == "str" else value
