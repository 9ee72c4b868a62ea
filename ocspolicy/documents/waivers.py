"""`kind: Waivers`: shortages and other findings that are accepted for a stated time."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .model import ApiVersion, Day, Labels, Model, Name, Quantity, Text


class Waiver(Model):
    """One accepted finding; without `rule`, `reason` or `expires` it is itself a finding (WVR002)."""

    rule: Name | None = Field(default=None, description="Rule id; needed.")
    reason: Text | None = Field(default=None, description="Why it is accepted; needed.")
    expires: Day | None = Field(default=None, description="The last day on which it is accepted; needed.")
    deployment: Name | None = Field(default=None, description="Only findings of this deployment.")
    file: Text | None = Field(default=None, description="Only findings in this file, relative to the root.")
    subject: Name | None = Field(default=None, description="Only findings about this server, group or line.")
    approved_by: Text | None = Field(default=None, description="Who approved it; carried into reports.")
    max_short: Quantity | None = Field(
        default=None, description="Only shortages up to this number, so that growth fails again."
    )


class Metadata(Model):
    """A list of waivers may have a name."""

    name: Name | None = None
    labels: Labels = {}


class Waivers(Model):
    """Findings that are accepted for a stated time."""

    api_version: ApiVersion
    kind: Literal["Waivers"]
    metadata: Metadata | None = None
    waivers: list[Waiver]
