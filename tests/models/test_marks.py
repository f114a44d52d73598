import torch

from attnaudit.data.vocabulary import END, START
from attnaudit.models import AttentionClassifier
from attnaudit.models.marks import between_marks


def test_each_text_stands_between_its_marks_whatever_its_length():
    vectors = torch.arange(6.0).unsqueeze(1)
    words = torch.tensor([[[10.0], [11.0], [12.0]], [[20.0], [77.0], [77.0]]])
    mask = torch.tensor([[True, True, True], [True, False, False]])
    framed, inside = between_marks(words, mask, vectors)
    assert framed[0, :, 0].tolist() == [START, 10.0, 11.0, 12.0, END]
    assert framed[1, :3, 0].tolist() == [START, 20.0, END]
    assert inside.tolist() == [[True] * 5, [True] * 3 + [False] * 2]


def test_the_marks_are_those_of_the_classifier_of_one_text(make_configuration):
    network = AttentionClassifier(make_configuration())
    words = torch.randn(2, 3, 6)
    mask = torch.tensor([[True, True, True], [True, False, False]])
    found = between_marks(words, mask, network.embedding.weight)
    expected = network.frame(words, mask)
    assert torch.equal(found[0], expected[0])
    assert torch.equal(found[1], expected[1])
