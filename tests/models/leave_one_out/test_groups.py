import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.models.leave_one_out.groups import document_groups


@settings(max_examples=50, deadline=None)
@given(lengths=st.lists(st.integers(1, 9), min_size=1, max_size=8), most_words=st.integers(1, 40))
def test_every_document_is_in_one_group_that_is_as_long_as_its_longest(lengths, most_words):
    mask = torch.arange(max(lengths)) < torch.tensor(lengths).unsqueeze(1)
    seen = []
    for group, longest in document_groups(mask, most_words=most_words):
        assert longest == max(lengths[group])
        count = len(lengths[group])
        assert count == 1 or count * max(lengths) <= most_words
        seen += range(len(lengths))[group]
    assert seen == list(range(len(lengths)))
