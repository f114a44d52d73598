from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.reports.html.words import LEVELS, Run, excerpt, shaded
from attnaudit.reports.readable import readable


def test_a_short_document_is_shown_whole():
    assert excerpt(("a",) * 5, (0.2,) * 5) == (0, 1, 2, 3, 4)


def test_what_is_heavy_in_either_attention_is_shown_however_far_it_stands():
    own, other = [0.0] * 10_000, [0.0] * 10_000
    own[9_000], other[5_000] = 1.0, 1.0
    shown = excerpt(None, own, other)
    assert {8_995, 9_000, 9_005, 5_000, 0, 1} <= set(shown)
    assert len(shown) == 150


def test_long_words_leave_room_for_fewer_but_not_for_fewer_heavy_ones():
    weights = [0.0] * 500
    weights[400] = 1.0
    shown = excerpt(("x" * 1_000,) * 500, weights)
    assert 400 in shown
    assert len(shown) == 1_500 // 24


def test_the_shade_is_the_square_root_of_the_weight():
    runs = shaded(("a", "b", "c"), (0.0, 0.25, 0.75), (0, 1, 2))
    assert [(run.text, run.level) for run in runs] == [("a", 0), ("b", 4), ("c", 8)]
    assert LEVELS == 9


def test_only_the_three_heaviest_carry_their_weight():
    weights = (0.1, 0.4, 0.05, 0.15, 0.3)
    runs = shaded(tuple("abcde"), weights, range(5))
    assert {run.text: run.weight for run in runs if run.weight is not None} == {
        "b": 0.4,
        "e": 0.3,
        "d": 0.15,
    }


def test_words_that_are_left_out_are_counted_where_they_stood():
    weights = (1.0,) + (0.0,) * 9
    runs = shaded(tuple("abcdefghij"), weights, (0, 1, 5, 6))
    assert [run for run in runs if run.left_out] == [
        Run(text="… 3 more words …", left_out=True),
        Run(text="… 3 more words …", left_out=True),
    ]
    assert [run.text for run in runs] == [
        "a",
        "b",
        "… 3 more words …",
        "f g",
        "… 3 more words …",
    ]


@settings(max_examples=60)
@given(
    weights=st.lists(st.floats(0, 1), min_size=1, max_size=40),
    chosen=st.sets(st.integers(0, 39)),
)
def test_every_position_is_shown_once_or_counted_as_left_out(weights, chosen):
    positions = sorted(one for one in chosen if one < len(weights))
    tokens = tuple(f"w{number}" for number in range(len(weights)))
    runs = shaded(tokens, weights, positions)
    words = [word for run in runs if not run.left_out for word in run.text.split()]
    assert words == [f"w{position}" for position in positions]
    left_out = sum(int(run.text.split()[1]) for run in runs if run.left_out)
    assert len(words) + left_out == len(weights)


def test_direction_marks_and_control_characters_are_written_out():
    assert readable("a\u202eb\x07\u2066", longest=9) == "a\\u202eb\\x07\\u2066"


def test_joiners_stay_where_words_need_them():
    assert readable("\u0645\u06cc\u200c\u0631\u0648\u0645", longest=9).count("\u200c") == 1


def test_a_cut_word_says_that_it_was_cut():
    assert readable("x" * 10_000, longest=3) == "xxx…"
    assert readable("xxx", longest=3) == "xxx"


def test_a_weight_that_would_be_written_as_nothing_is_not_written():
    runs = shaded(("a", "b", "c"), (0.991, 0.005, 0.004), (0, 1, 2))
    assert [(run.text, run.weight) for run in runs] == [("a", 0.991), ("b", 0.005), ("c", None)]
