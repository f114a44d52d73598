import pytest
import torch

from attnaudit.models import AttentionClassifier
from attnaudit.models.blank import blank_classifier


@pytest.mark.parametrize("encoder", ["bilstm", "cnn", "average"])
@pytest.mark.parametrize("attention", ["additive", "dot"])
def test_a_blank_classifier_has_the_shapes_of_a_real_one_and_no_memory(
    encoder, attention, make_configuration
):
    configuration = make_configuration(encoder=encoder, attention=attention)
    blank = blank_classifier(configuration).state_dict()
    real = AttentionClassifier(configuration).state_dict()
    assert {name: t.shape for name, t in blank.items()} == {n: t.shape for n, t in real.items()}
    assert {tensor.device.type for tensor in blank.values()} == {"meta"}


def test_the_largest_classifier_of_the_format_can_be_blank(make_configuration):
    configuration = make_configuration(
        vocabulary_size=10_000_000, embedding_size=8192, hidden_size=8192
    )
    assert blank_classifier(configuration).embedding.weight.numel() == 81_920_000_000


def test_a_real_classifier_built_after_a_blank_one_is_initialised(make_configuration):
    blank_classifier(make_configuration())
    torch.manual_seed(0)
    assert AttentionClassifier(make_configuration()).head.weight.any()
