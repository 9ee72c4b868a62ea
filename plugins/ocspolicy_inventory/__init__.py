"""The rules about the license inventory itself, and about the headroom that the policy asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ocspolicy.api import Rule, hookimpl


@hookimpl
def ocspolicy_rules() -> Iterable[type[Rule[Any]]]:
    """Give the INV rules and HDR001."""
    from .headroom_used_up import HeadroomUsedUp
    from .inventory_line_expired import InventoryLineExpired
    from .inventory_line_unused import InventoryLineUnused
    from .inventory_scope_unknown import InventoryScopeUnknown

    return [InventoryLineExpired, InventoryLineUnused, InventoryScopeUnknown, HeadroomUsedUp]
