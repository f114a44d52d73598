from attnaudit.models.pairs.candidates import candidate_classes

CLASSES = ("@entity1", "@entity12", "Bob", "bob", "the office")


def test_every_class_is_a_candidate_by_the_rule_all():
    assert candidate_classes([], CLASSES, rule="all") == (True,) * 5


def test_a_class_is_mentioned_only_as_a_whole_word_in_whatever_case():
    words = ["@Entity12", "met", "BOB", "in", "the", "office"]
    found = candidate_classes(words, CLASSES, rule="mentioned")
    assert found == (False, True, True, True, False)


def test_nothing_is_mentioned_in_nothing():
    assert candidate_classes([], CLASSES, rule="mentioned") == (False,) * 5
