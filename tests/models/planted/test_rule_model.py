import math

import pytest
import torch

from attnaudit.errors import InvalidArgumentError, UsageError
from attnaudit.models import AttentionModel
from attnaudit.models.planted import RuleModel
from attnaudit.models.preflight import preflight
from attnaudit.records import Document

CODES = {"yes": 3.0, "no": -2.0}


def make(**options):
    def rule(document, words):
        return [len(document) if word in CODES else 0.0 for word in words]

    return RuleModel(**{"name": "test", "codes": CODES, "rule": rule} | options)


def document(text, name="dd"):
    return Document(id=name, tokens=tuple(text.split()))


def mixed(tokens):
    return torch.arange(1.0, tokens**2 + 1, dtype=torch.float64).reshape(tokens, tokens)


def test_it_is_an_attention_model_that_passes_preflight():
    model = make()
    assert isinstance(model, AttentionModel)
    preflight(model, model.prepare([document("a yes b"), document("no c", "d")]))


def test_attention_is_the_softmax_of_the_rule_and_the_output_that_of_the_codes():
    model = make()
    [attended] = model.attend(model.prepare([document("a yes b no")]), sites=["attention"])
    high, total = math.exp(2), 2 * math.exp(2) + 2
    assert attended.attention[0].tolist() == pytest.approx(
        [1 / total, high / total, 1 / total, high / total]
    )
    logit = (3.0 - 2.0) * high / total
    assert attended.probabilities[0, 1].item() == pytest.approx(1 / (1 + math.exp(-logit)))


def test_an_encoder_mixes_the_codes_of_the_whole_document():
    model = make(mixing=mixed)
    [attended] = model.attend(model.prepare([document("yes b no")]), sites=["attention"])
    hidden = attended.readout.scores[0, :, 0].tolist()
    assert hidden == [3.0 - 3 * 2.0, 4 * 3.0 - 6 * 2.0, 7 * 3.0 - 9 * 2.0]


@pytest.mark.parametrize("mixing", [None, mixed])
def test_padding_changes_no_document(mixing):
    model = make(**{} if mixing is None else {"mixing": mixing})
    some = [document("yes b", "one"), document("a no c yes e", "two")]
    [together] = model.attend(model.prepare(some), sites=["attention"])
    for row, one in enumerate(some):
        [alone] = model.attend(model.prepare([one]), sites=["attention"])
        length = len(one.tokens)
        assert together.attention[row, :length].tolist() == alone.attention[0].tolist()
        assert not together.attention[row, length:].any()
        assert together.probabilities[row].tolist() == alone.probabilities[0].tolist()


def test_probabilities_from_codes_have_the_derivative_of_the_formula():
    model = make(mixing=mixed)
    batch = model.prepare([document("yes b no")])
    [attended] = model.attend(batch, sites=["attention"])
    codes = model.embed(batch).requires_grad_(True)
    output = model.predict_embedded(batch, codes, attention_frozen=True)
    assert output.tolist() == attended.probabilities.tolist()
    output[0, 1].backward()
    p = output[0, 1].item()
    expected = p * (1 - p) * (attended.attention[0] @ mixed(3))
    assert codes.grad[0, :, 0].tolist() == pytest.approx(expected.tolist())


def test_deleting_a_word_keeps_the_document_and_the_other_words():
    model = make()
    batch = model.prepare([document("a yes b"), document("no c", "d")])
    left = model.without(batch, [(1, 0), (0, 1)])
    assert left.documents == ("d", "dd")
    assert left.tokens == (("c",), ("a", "b"))
    with pytest.raises(InvalidArgumentError, match="single token"):
        model.without(left, [(0, 0)])


def test_text_is_split_and_an_empty_document_skipped_by_name():
    batch = make().prepare([Document(id="t", text="a yes"), Document(id="e", text=" ")])
    assert batch.tokens == (("a", "yes"),)
    assert [(one.document, one.reason) for one in batch.skipped] == [("e", "it has no token")]
    assert make().prepare([Document(id="e", text="")]).mask.shape == (0, 0)


def test_another_name_or_code_is_another_model():
    digests = {make().digest, make(name="other").digest, make(codes={"yes": 3.0}).digest}
    assert len(digests) == 3
    assert make().digest == make().digest


def test_an_unknown_site_is_refused():
    model = make()
    with pytest.raises(UsageError, match="no attention site 'layer'"):
        model.attend(model.prepare([document("a yes")]), sites=["layer"])


def test_it_is_always_in_evaluation_mode_and_in_double_precision_on_the_processor():
    model = make()
    assert (model.training, model.dtype, model.device.type) == (False, torch.float64, "cpu")
    assert [site.name for site in model.sites] == ["attention"]
    assert model.outputs.classes == ("negative", "positive")
