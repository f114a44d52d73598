from copy import copy

import pytest
import torch

from attnaudit.errors import PreflightError
from attnaudit.models.special_mass import special_masses


@pytest.fixture
def masses_of(make_model, documents):
    """What is said of two documents with these shares, in one batch."""
    model = make_model()
    [attended] = model.attend(model.prepare(documents[:2]), sites=["attention"])

    def found(shares):
        tensor = None if shares is None else torch.tensor(shares, dtype=torch.float64)
        changed = copy(attended)
        # As it is where shapes are not checked as they are in tests.
        object.__setattr__(changed, "special_mass", tensor)
        return special_masses(changed, site="attention")

    return found


def test_every_document_has_its_share(masses_of):
    assert masses_of([0.0, 1.0]) == [0.0, 1.0]
    assert masses_of([0.25, 0.75]) == [0.25, 0.75]


def test_a_share_that_rounding_put_outside_is_stored_inside(masses_of):
    assert masses_of([-1e-6, 1.000001]) == [0.0, 1.0]


def test_a_model_that_attends_to_words_alone_has_none(masses_of, make_model, documents):
    model = make_model()
    [attended] = model.attend(model.prepare(documents[:2]), sites=["attention"])
    assert attended.special_mass is None
    assert masses_of(None) == [None, None]


@pytest.mark.parametrize(("share", "shown"), [(float("nan"), "nan"), (-0.5, "-0.5"), (1.5, "1.5")])
def test_what_is_no_share_is_an_error_that_names_the_document(masses_of, share, shown):
    with pytest.raises(PreflightError, match=rf"'d1' at site 'attention'.*{shown}, which is no"):
        masses_of([0.5, share])


def test_shares_of_other_documents_are_an_error(masses_of):
    with pytest.raises(PreflightError, match=r"special_mass has shape \(3,\).* 2 units"):
        masses_of([0.1, 0.2, 0.3])
