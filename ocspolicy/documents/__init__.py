"""The documents that people write: what is ours, strict models, errors at their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from ..source import Node

if TYPE_CHECKING:
    from .model import Model

M = TypeVar("M")


class Placed(NamedTuple, Generic[M]):
    """A checked document and the node it was read from, so that every value can name its line."""

    model: M
    node: Node


def model_of(kind: str) -> type[Model]:
    """Give the model of a kind; only that one is imported."""
    if kind == "Deployment":
        from .deployment import Deployment

        return Deployment
    if kind == "LicenseInventory":
        from .inventory import LicenseInventory

        return LicenseInventory
    if kind == "Waivers":
        from .waivers import Waivers

        return Waivers
    from .catalog import Catalog

    return Catalog
