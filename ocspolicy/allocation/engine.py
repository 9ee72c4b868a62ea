"""From the question to the proved answer: the one way through the package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .certify import by_layer, count
from .component import Outcome, merge
from .flow import bits, shortage, transport
from .layered import Layered
from .spread import Spread
from .values import Allocation, Asker, Certificate, Serves

WORK = 150_000_000
STATS = {}


def allocate(
    askers: Sequence[Asker], lots: Sequence[int], serves: Mapping[tuple[int, int], Serves]
) -> Allocation:
    merged = merge(askers, lots, serves)
    spread = Spread(merged, askers, len(lots))
    certificates = []
    for component in merged.components:
        out, shown = _solve(component)
        spread.add(component, out)
        certificates += [(component, s, k) for s, k in shown]
    certs = []
    for component, s, k in certificates:
        asks = frozenset((asker, component.places[n][1]) for n in s.nodes for asker, _ in merged.classes[component.places[n][0]])
        ls = sorted(lot for l in s.lots for lot, _ in merged.stocks[component.names[l]])
        certs.append(Certificate(asks, tuple(ls), s.required, s.owned, s.required - s.owned, tuple(sorted({component.layer[n] for n in s.nodes})), k))
    return Allocation(spread.grants, tuple(map(tuple, spread.uncovered)), tuple(spread.used), tuple(certs))


def _solve(component):
    if all(len(link.nodes) == 1 for row in component.links for link in row):
        return _plain(component)
    layered = Layered(component)
    bound = layered.bound()
    best = None
    sols = []
    for score, outcome in layered.assignments():
        sols.append((score, outcome))
        if score == bound:
            STATS["met"] = STATS.get("met", 0) + 1
            return outcome, [(s, 0) for s in by_layer(component, layered)]
        if best is None or score < best[0]:
            best = score, outcome
    STATS["not"] = STATS.get("not", 0) + 1
    return _exact(component, layered, best, sorted(sols, key=lambda x: x[0])[:3])


def _plain(component):
    arcs = []
    for row in component.links:
        costs = {}
        for link in row:
            c = 0 if link.first[0] else 1
            costs[c] = costs.get(c, 0) | 1 << link.nodes[0]
        arcs.append(sorted(costs.items()))
    ranks = sorted(set(component.group))
    masks = [sum(1 << n for n, g in enumerate(component.group) if g == r) for r in ranks]
    flow = transport(component.supply, component.need, arcs, masks)
    flows = [[flow.into[link.nodes[0]].get(lot, 0) for link in row] for lot, row in enumerate(component.links)]
    shown = count(component, bits(shortage(flow, arcs))) if any(flow.open) else []
    return Outcome(tuple(map(tuple, flows))), [(s, 0) for s in shown]


def _exact(component, layered, best, sols):
    from . import exact
    from . import program as prog
    budget = [WORK]
    p = prog.build(component, 20000)
    w = p.weights
    known = None
    if best:
        score, out = best
        units, nf = divmod(score.cost, layered.heavy)
        cost = score.uncovered * w.unserved + units * w.unit + nf * w.not_first + sum(w.group[g] * k for g, k in zip(layered.ranks, score.groups))
        known = cost, out
    import time
    start = [False] * len(p.columns)
    for _, o in sols:
        for k, (pat, places) in enumerate(p.meaning):
            if any(o.flows[l][q] for l, q in places) or (not places and pat is None):
                start[k] = True
    t = time.process_time()
    r = exact.Relaxed(p, start, budget)
    t1 = time.process_time()
    lp = r.tableau.value / w.unserved / r.tableau.cost_scale
    frac = len(exact._fractional(r.tableau))
    out = exact.solve(component, p, r, known)
    STATS.setdefault("exact", []).append((len(p.right), len(p.columns), round(t1 - t, 3), round(time.process_time() - t, 3), WORK - budget[0], frac))
    left = list(component.need)
    # TODO certificate
    return out, []
