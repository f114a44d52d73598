import pytest

from attnaudit.errors import UsageError
from attnaudit.records import Bound
from attnaudit.reports.comparison import comparison_lines
from attnaudit.store.run import DocumentsEntry, ModelEntry, Run, Settings


@pytest.fixture
def lines_of():
    """The lines about everything that is stored, without a model."""

    def lines(stored, *, name="news", site="attention", **parameters):
        stored.finish(**parameters)
        entry = ModelEntry(
            name=name,
            source="news",
            site=site,
            digest="d",
            classes=("negative", "positive"),
            device="cpu",
            dtype="float64",
            documents=DocumentsEntry(source="s", digest="d", n=3, skipped={}),
            documents_key=stored.documents_key,
            measurements={"adversary 0.05": stored.values_key},
            claims_source="c",
            claims_digest="d",
        )
        settings = Settings(seed=0, claims_counted=1, level=0.1, limit=None, inconclusive="fail")
        run = Run(
            schema=1, claims=(), models=(entry,), settings=settings, versions={}, performance={}
        )
        return comparison_lines(run, stored.directory)

    return lines


def test_the_found_attention_stands_beside_the_original(stored, make_document, lines_of):
    stored.add(make_document("d7", 0.4567))
    assert lines_of(stored, max_tvd=0.05, method="auto") == [
        "news, attention site attention, adversary with max_tvd 0.05, method auto",
        "  document d7, divergence 0.457 nats (exact)",
        "    output    positive 0.800, with the found attention 0.750",
        "    position  original  found  words",
        "           0     0.100  0.900  [the] film",
        "           1     0.200  0.000  the [film] was",
        "           2     0.100  0.100  film [was] great",
        "           3     0.600  0.000  was [great]",
    ]


def test_the_three_documents_where_they_differ_most_are_shown(stored, make_document, lines_of):
    stored.add(*(make_document(f"d{number}", 0.1 * number) for number in range(1, 6)))
    shown = [line.split()[1] for line in lines_of(stored) if line.startswith("  document")]
    assert shown == ["d5,", "d4,", "d3,"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Bound.EXACT, "divergence 0.300 nats (exact)"),
        (Bound.INTERVAL, "divergence between 0.300 and 0.400 nats (interval)"),
        (Bound.LOWER, "divergence at least 0.300 nats (lower bound)"),
    ],
)
def test_a_divergence_says_what_it_is(stored, make_document, lines_of, kind, words):
    stored.add(make_document("a", 0.3, upper=0.4, kind=kind))
    assert lines_of(stored)[1].endswith(words)


def test_of_a_long_document_only_the_heaviest_positions_of_either_are_shown(
    stored, make_document, lines_of
):
    original = [0.001] * 200
    found = [0.0] * 200
    for position, weight in ((150, 0.4), (20, 0.2), (90, 0.15), (91, 0.05)):
        original[position] = weight
    found[3], found[90] = 0.75, 0.25
    tokens = tuple(f"w{position}" for position in range(200))
    fields = {"tokens": tokens, "original": tuple(original), "found": tuple(found)}
    stored.add(make_document("a", 0.3, **fields))
    assert [line.split() for line in lines_of(stored)[4:]] == [
        ["3", "0.001", "0.750", "w2", "[w3]", "w4"],
        ["20", "0.200", "0.000", "w19", "[w20]", "w21"],
        ["90", "0.150", "0.250", "w89", "[w90]", "w91"],
        ["150", "0.400", "0.000", "w149", "[w150]", "w151"],
    ]


def test_without_stored_words_the_weights_are_still_shown(stored, make_document, lines_of):
    stored.add(make_document("a", 0.3, tokens=None))
    lines = lines_of(stored)
    assert lines[3].endswith("words (not stored)")
    assert [line.split()[-1] for line in lines[4:]] == ["-"] * 4


def test_what_a_document_holds_cannot_write_to_the_terminal(stored, make_document, lines_of):
    long = "x" * 10_000
    hostile = ("\x1b[2J", "a\nrefuted  everything", "\u202e" * 50, long)
    stored.add(
        make_document("i\x07" + long, 0.3, tokens=hostile, predicted="\x1b]0;owned\x07" + long)
    )
    lines = lines_of(stored)
    assert all(line.isprintable() for line in lines)
    assert max(len(line) for line in lines) <= 80
    assert len(lines) == 8


def test_what_a_model_is_called_cannot_write_to_the_terminal(stored, make_document, lines_of):
    stored.add(make_document("a", 0.3))
    names = {"name": "\x1b[2Jnews\n", "site": "layer\u202e", "method": "auto\nrefuted"}
    heading, *_ = lines_of(stored, **names)
    assert heading == (
        r"\x1b[2Jnews\n, attention site layer\u202e, adversary with method auto\nrefuted"
    )


def test_documents_without_another_attention_leave_a_word_about_it(stored, make_document, lines_of):
    stored.add(make_document("a", 0.0))
    assert lines_of(stored)[1:] == ["  no other attention was found for any document"]


def test_other_audits_have_nothing_to_compare(stored, make_document, lines_of, monkeypatch):
    stored.add(make_document("a", 0.3))
    monkeypatch.setattr(stored, "audit", "permutation")
    assert lines_of(stored) == []


def test_a_directory_without_what_its_run_names_is_refused(stored, lines_of, monkeypatch):
    monkeypatch.setattr(stored, "finish", lambda **_: None)
    with pytest.raises(UsageError, match=r"lacks the measurement 'adversary .*' of news\\n,"):
        lines_of(stored, name="news\n")
