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
from .need import Ask, Kind, Need, Subject, counted_roles, holders_need, needs_cals, policy_decides, server_need
from .place import Location, Span, folded
from .position import Doubled, Misassigned, Missing, Position, Proof, Shortage, Spare, Spread, Standby, Uncovered, Unmet
from .position.lines import absent, beyond, old_cals, old_servers, reached, redundant, unneeded_connector
from .rule import Context, NoOptions, Rule
from .source import Node
from .supply import counts, covers, in_scope, too_old

__all__ = [
    "Ask",
    "Catalog",
    "Certainty",
    "Context",
    "Deployment",
    "Doubled",
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
    "Misassigned",
    "Missing",
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
    "Spare",
    "Spread",
    "Standby",
    "Subject",
    "Suite",
    "Tier",
    "Uncovered",
    "Unmet",
    "absent",
    "beyond",
    "counted_roles",
    "counts",
    "covers",
    "folded",
    "holders_need",
    "hookimpl",
    "in_scope",
    "nearest",
    "needs_cals",
    "old_cals",
    "old_servers",
    "policy_decides",
    "reached",
    "redundant",
    "server_need",
    "too_old",
    "unneeded_connector",
]
