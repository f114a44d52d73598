import numpy as np
import pytest

from attnaudit.errors import InternalError
from attnaudit.reports.html.word_counts import CELLS, EXPONENTS, count_words


@pytest.fixture
def counted(whole_run):
    """The words of some documents, each list of them a part of its own."""

    def count(*parts):
        for number, part in enumerate(parts):
            whole_run.add(
                *(
                    {"name": f"{number}-{place}", "length": len(one["attention"])} | one
                    for place, one in enumerate(part)
                )
            )
        whole_run.finish()
        documents = whole_run.directory.documents(whole_run.documents_key)
        return count_words(documents, whole_run.directory.measurement(whole_run.keys["agreement"]))

    return count


def random_documents(count, *, seed):
    generator = np.random.default_rng(seed)
    for length in generator.integers(2, 30, count):
        yield {
            "attention": tuple(generator.dirichlet(np.full(length, 0.3)).tolist()),
            "importance": tuple((generator.random(length) ** 4).tolist()),
        }


def by_definition(documents):
    """Word by word, from the definition."""
    counts = np.zeros(CELLS, int)
    for one in documents:
        length, total = len(one["attention"]), sum(one["importance"])
        for weight, importance in zip(one["attention"], one["importance"], strict=True):
            cell = []
            for number, cells in (
                (weight * length, CELLS[0]),
                (importance / total * length, CELLS[1]),
            ):
                low, high = EXPONENTS
                exponent = min(high, max(low, np.log10(number) if number > 0 else low))
                cell.append(min(cells - 1, int((exponent - low) / (high - low) * cells)))
            counts[tuple(cell)] += 1
    return counts


def test_every_word_is_counted_where_the_definition_puts_it(counted):
    first, second = (list(random_documents(20, seed=seed)) for seed in (0, 1))
    words = counted(first, second)
    np.testing.assert_array_equal(words.counts, by_definition([*first, *second]))
    assert words.documents == 40


def test_attention_that_is_the_importance_lies_on_the_diagonal(counted):
    weights = (0.9, 0.09, 0.01)
    words = counted([{"attention": weights, "importance": tuple(7 * one for one in weights)}])
    across, up = np.nonzero(words.counts)
    np.testing.assert_array_equal(across // 2, up)


def test_documents_of_one_word_or_without_importance_are_left_out(counted):
    words = counted(
        [
            {"attention": (1.0,), "importance": (3.0,)},
            {"attention": (0.5, 0.5), "importance": (0.0, 0.0)},
            {"attention": (0.5, 0.5), "importance": (1.0, 0.0)},
        ]
    )
    assert words.documents == 1
    assert words.counts.sum() == 2


def test_a_run_that_kept_no_importance_has_no_words_to_draw(counted):
    assert counted([{"attention": (0.5, 0.5)}]) is None


def test_an_importance_of_other_words_is_refused(counted):
    with pytest.raises(InternalError, match="does not match the stored documents"):
        counted([{"attention": (0.5, 0.5), "importance": (1.0, 2.0, 3.0)}])
