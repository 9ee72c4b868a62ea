"""The hooks of a plugin. They hand things over and never judge: the core calls what they return."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from .rule import Rule

hookspec = pluggy.HookspecMarker("ocspolicy")
hookimpl = pluggy.HookimplMarker("ocspolicy")


# The bodies are empty: pluggy reads the signatures only.
@hookspec
def ocspolicy_rules() -> Iterable[type[Rule[Any]]]:  # type: ignore[empty-body]
    """Give the rule classes of this plugin."""


@hookspec
def ocspolicy_catalogs() -> Iterable[str]:  # type: ignore[empty-body]
    """Give catalog documents as YAML or JSON texts: products, roles, features, suites."""
