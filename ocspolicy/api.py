"""All that a rule plugin may import; what is not named here may change without notice.

A plugin is a package with an entry point in the group `ocspolicy` and a hook that gives its rules:

    from ocspolicy.api import hookimpl

    @hookimpl
    def ocspolicy_rules():
        from .my_rule import MyRule
        return [MyRule]
"""

from __future__ import annotations

from .catalog import Catalog, Feature, Limit, Product, Role, Suite, Tier
from .catalog import License as LicenseKind
from .errors import JudgementError, Problem, nearest
from .estate import Deployment, Estate, Group, Holders, Line, Policy, Pool, Server
from .finding import Certainty, Finding, Related, Severity
from .hookspecs import hookimpl
from .need import Ask, Kind, Need, Subject, counted_roles, server_need
from .place import Location, Span, folded
from .position import Position, Proof, Shortage, Uncovered
from .rule import Context, NoOptions, Rule
from .source import Node
from .supply import counts, in_scope, too_old

__all__ = [
    "Ask",
    "Catalog",
    "Certainty",
    "Context",
    "Deployment",
    "Estate",
    "Feature",
    "Finding",
    "Group",
    "Holders",
    "JudgementError",
    "Kind",
    "LicenseKind",
    "Limit",
    "Line",
    "Location",
    "Need",
    "NoOptions",
    "Node",
    "Policy",
    "Pool",
    "Position",
    "Problem",
    "Product",
    "Proof",
    "Related",
    "Role",
    "Rule",
    "Server",
    "Severity",
    "Shortage",
    "Span",
    "Subject",
    "Suite",
    "Tier",
    "Uncovered",
    "counted_roles",
    "counts",
    "folded",
    "hookimpl",
    "in_scope",
    "nearest",
    "server_need",
    "too_old",
]
