from attnaudit.data.newsgroups import TEST, TRAIN, newsgroups_sports
from attnaudit.data.split import hash_position


def test_newsgroups_keeps_two_groups_and_the_right_lengths():
    head = "Category\tText\nd\tstring\nclass\t\n"
    lines = [
        "rec.sport.hockey\t" + "puck " * 5,
        "rec.sport.hockey\t" + "puck " * 6,
        "rec.sport.baseball\t" + "bat " * 500,
        "rec.sport.baseball\t" + "bat " * 501,
        "sci.space\t" + "moon " * 50,
    ]
    table = (head + "\n".join(lines) + "\n").encode()
    members = {TRAIN: table, TEST: table}
    found = [(item.id, item.label, item.split) for item in newsgroups_sports(members)]
    split = [
        "dev" if hash_position(text) < 0.1 else "train" for text in ("puck " * 6, "bat " * 500)
    ]
    assert found == [
        ("20news-train-2", "hockey", split[0]),
        ("20news-train-3", "baseball", split[1]),
        ("20news-test-2", "hockey", "test"),
        ("20news-test-3", "baseball", "test"),
    ]
