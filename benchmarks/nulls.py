"""What every quantity says beside its null, of models of known truth and of trained ones.

    python benchmarks/nulls.py [--documents N] [--seed S] [MODEL ...]

prints Markdown tables of mean ± standard error over documents: the planted models, then the model
directories that are named. Columns without a null are those of quantities.py.
"""

import argparse
from functools import partial

from attnaudit.measurements.adversary import adversary
from attnaudit.measurements.agreement import agreement
from attnaudit.measurements.permutation import permutation
from attnaudit.measurements.randomisation import randomisation
from attnaudit.measurements.untrained import models_with_untrained_encoder, untrained_models
from attnaudit.models.planted import constructions

from quantities import planted, print_table, trained, values_of  # isort: skip

AGREEMENT = (
    ("τ gradient", "gradient", "tau"),
    ("null", "gradient", "tau-null"),
    ("τ leave-one-out", "leave-one-out", "tau"),
    ("null", "leave-one-out", "tau-null"),
    ("ceiling", "leave-one-out", "tau-ceiling"),
)
OUTPUTS = (
    ("permuted: TVD", "permutation", "tvd"),
    ("null", "permutation", "tvd-null"),
    ("adversary: share", "adversary", "share-of-free-maximum"),
    ("null", "adversary", "share-of-free-maximum-null"),
)
RANDOM_ENCODERS = (
    ("divergence", "randomisation", "divergence"),
    ("null", "randomisation", "divergence-null"),
    ("τ", "randomisation", "tau"),
    ("null", "randomisation", "tau-null"),
)


def measure(model, documents, *, seed):
    """Values of every quantity, by audit and quantity."""
    site = model.sites[0].name
    encoders = models_with_untrained_encoder(model, seed=seed)
    agree = partial(agreement, site=site, untrained=untrained_models(model, seed=seed))
    audits = {
        "gradient": partial(agree, importance="gradient"),
        "leave-one-out": partial(agree, importance="leave-one-out"),
        "permutation": partial(permutation, site=site, draws=100, seed=seed),
        "randomisation": partial(randomisation, site=site, untrained=encoders),
    }
    if len(model.outputs.classes) == 2:
        audits["adversary"] = partial(
            adversary, site=site, max_tvd=0.05, method="auto", restarts=5, steps=500, seed=seed
        )
    return values_of(audits, model, documents)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", metavar="MODEL", help="directories of trained models")
    parser.add_argument("--documents", type=int, default=300, help="of each construction")
    parser.add_argument("--limit", type=int, help="documents of each trained model")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    how = {"seed": given.seed, "measure": measure}
    rows = list(planted(constructions(), count=given.documents, **how))
    if given.models:
        rows += trained(given.models, limit=given.limit, **how)
    for columns in (AGREEMENT, OUTPUTS, RANDOM_ENCODERS):
        print_table(rows, columns)


if __name__ == "__main__":
    main()
