"""Whether the default thresholds of exchange and inversion hold on constructions drawn at random.

    python benchmarks/confirm_thresholds.py [--numbers N] [--documents N] [--policy NAME]

For each policy of attention N constructions are drawn and measured. The tables, one per claim and
number of classes, say how many of them are special, partly or not, by the rule of drawn_truth.py,
what the claim's quantity is, and how often its threshold says other than the truth, where there is
one. Below each stands what separates, and what was judged wrongly.
"""

import argparse
import statistics
from dataclasses import dataclass

from drawn_constructions import drawn_construction
from drawn_policies import POLICIES
from drawn_truth import pointing_above_chance, truth_of

from attnaudit.claims import default_claims
from attnaudit.measurements.exchangeable import exchangeable_shares
from attnaudit.measurements.inversion import inversion

AT_ONCE = 50
SITE = "attention"
CLAIMS = ("inverting-weakens-the-decision", "top-position-is-special")


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One construction: what is true of it, and the quantity of each claim, by id."""

    policy: str
    number: int
    classes: int
    pointing: float
    values: dict[str, float]

    @property
    def truth(self):
        return truth_of(self.pointing)


def quantity_rows(claim, model, batch):
    """Rows of the claim's audit; of exchange only the shares, which claims are about."""
    if claim.audit == "inversion":
        return inversion(model, batch, site=SITE, seed=0, **claim.parameters)
    [attended] = model.attend(batch, sites=[SITE])
    return exchangeable_shares(attended, seed=0, **claim.parameters)


def value_of(claim, model, documents):
    """Mean of the claim's quantity over the documents it is about; None without any."""
    documents = sorted(
        (one for one in documents if len(one.tokens) >= claim.min_tokens),
        key=lambda one: len(one.tokens),
    )
    values = [
        row.value
        for start in range(0, len(documents), AT_ONCE)
        for row in quantity_rows(claim, model, model.prepare(documents[start : start + AT_ONCE]))
        if row.quantity == claim.quantity and row.undefined is None
    ]
    return statistics.fmean(values) if values else None


def judged(claims, *, policy, number, count):
    model, documents = drawn_construction(policy, number=number, count=count)
    values = {claim.id: value_of(claim, model, documents) for claim in claims}
    return Judged(
        policy=policy,
        number=number,
        classes=model.traits.classes,
        pointing=pointing_above_chance(model),
        values={name: value for name, value in values.items() if value is not None},
    )


def holds(claim, value):
    return value >= claim.threshold if claim.direction == "at_least" else value <= claim.threshold


def wrong(claim, one):
    """Whether the threshold says other than the truth, where there is one."""
    return one.truth != "partly" and holds(claim, one.values[claim.id]) != (one.truth == "special")


def print_table(claim, rows):
    print(
        "| attention | constructions | special / partly / not | quantity, least | median |", end=""
    )
    print(" largest | wrong |\n|---|---|---|---|---|---|---|")
    for policy in POLICIES:
        some = [one for one in rows if one.policy == policy]
        if some:
            print(f"| {policy} | {' | '.join(cells(claim, some))} |")


def cells(claim, rows):
    values = [one.values[claim.id] for one in rows]
    truths = [one.truth for one in rows]
    return (
        str(len(rows)),
        " / ".join(str(truths.count(each)) for each in ("special", "partly", "not special")),
        *(f"{value:.3f}" for value in (min(values), statistics.median(values), max(values))),
        str(sum(wrong(claim, one) for one in rows)),
    )


def print_summary(claim, rows):
    print()
    for truth in ("special", "not special"):
        values = [one.values[claim.id] for one in rows if one.truth == truth]
        if values:
            print(f"{truth}: {len(values)} constructions, {min(values):.3f} to {max(values):.3f}")
    for one in rows:
        if wrong(claim, one):
            print(
                f"wrong: {one.policy}, number {one.number}, {one.truth} ({one.pointing:.3f}): "
                f"{one.values[claim.id]:.3f}"
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--numbers", type=int, default=40, help="constructions of each policy")
    parser.add_argument("--documents", type=int, default=200, help="of each construction")
    parser.add_argument("--policy", choices=POLICIES, help="this policy only")
    given = parser.parse_args()
    claims = [claim for claim in default_claims().claims if claim.id in CLAIMS]
    rows = [
        judged(claims, policy=policy, number=number, count=given.documents)
        for policy in ([given.policy] if given.policy else POLICIES)
        for number in range(given.numbers)
    ]
    for claim in claims:
        sign = "≥" if claim.direction == "at_least" else "≤"
        for classes in sorted({one.classes for one in rows}):
            # A construction whose documents are all too short has no value.
            some = [one for one in rows if one.classes == classes and claim.id in one.values]
            print(f"\n{claim.id} ({sign} {claim.threshold:g}), {classes} classes\n")
            print_table(claim, some)
            print_summary(claim, some)


if __name__ == "__main__":
    main()
