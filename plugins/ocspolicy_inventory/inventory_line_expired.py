from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, Line, NoOptions, Rule, Severity


class InventoryLineExpired(Rule[NoOptions]):
    """An inventory line is outside its validity on the day of judgement.

    Why: such a line is not counted. It may be what makes a shortage, or the renewal that nobody has entered.

    Remedy: enter the renewal as a new line, correct the days, or remove the line.
    """

    id = "INV001"
    name = "inventory-line-expired"
    severity = Severity.WARNING
    sources = ("D",)
    message = "{quantity} {license} {quantity:license does|licenses do} not count on {day}: {reason}"

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        day = context.day
        for line in context.estate.lines:
            if not line.in_force:
                ended = line.model.valid_until is not None and line.model.valid_until < day
                yield self.finding(
                    at=line.node,
                    subject=line.name,
                    facts=_facts(line, day.isoformat(), ended=ended),
                    remedy="enter the renewal as a line of its own, or remove this one"
                    if ended
                    else "wait for that day, or correct validFrom",
                    key=line.key,
                )


def _facts(line: Line, day: str, *, ended: bool) -> dict[str, object]:
    bound = line.model.valid_until if ended else line.model.valid_from
    return {
        "license": line.license,
        "quantity": line.quantity,
        "day": day,
        "validUntil" if ended else "validFrom": str(bound),
        "reason": f"valid until {bound}" if ended else f"valid from {bound}",
    }
