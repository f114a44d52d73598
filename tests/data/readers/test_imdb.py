import pytest

from attnaudit.errors import DataError

REVIEWS = {
    "train/pos/0_9.txt": "Great.<br /><br />Go see it.",
    "train/pos/10_7.txt": "Good.",
    "train/neg/0_3.txt": "Bad.",
    "test/pos/0_10.txt": "Best.",
    "test/neg/0_1.txt": "Worst. Caf\u00e9?",
}


@pytest.fixture
def reviews(write, tmp_path):
    for name, text in REVIEWS.items():
        write(f"aclImdb/{name}", text)
    return tmp_path / "aclImdb"


def test_folders_tell_label_and_split_and_line_breaks_become_spaces(documents_of, reviews):
    found = [(one.id, one.text, one.label, one.split) for one in documents_of("imdb", reviews)]
    assert found == [
        ("train-neg-0_3", "Bad.", "neg", "train"),
        ("train-pos-0_9", "Great.  Go see it.", "pos", "train"),
        ("train-pos-10_7", "Good.", "pos", "train"),
        ("test-neg-0_1", "Worst. Caf\u00e9?", "neg", "test"),
        ("test-pos-0_10", "Best.", "pos", "test"),
    ]


def test_nothing_but_labelled_reviews_is_read(documents_of, write, reviews):
    before = documents_of("imdb", reviews)
    for name in ("train/unsup/0_0.txt", "README", "imdb.vocab", "train/urls_pos.txt"):
        write(f"aclImdb/{name}", "not a labelled review")
    write("aclImdb/train/pos/labeledBow.feat", "9 0:1")
    write("aclImdb/train/pos/.hidden.txt", "x")
    assert documents_of("imdb", reviews) == before


def test_one_split_alone_has_no_split_and_the_same_ids(documents_of, reviews):
    alone = documents_of("imdb", reviews / "test")
    assert [(one.id, one.split) for one in alone] == [
        ("test-neg-0_1", None),
        ("test-pos-0_10", None),
    ]


def test_packed_reviews_are_read_like_plain_ones(documents_of, write, reviews):
    plain = documents_of("imdb", reviews)
    (reviews / "train/pos/0_9.txt").unlink()
    write("aclImdb/train/pos/0_9.txt.gz", REVIEWS["train/pos/0_9.txt"])
    assert documents_of("imdb", reviews) == plain


def test_an_empty_review_stays_an_empty_document(documents_of, write, reviews):
    write("aclImdb/test/pos/1_8.txt", "")
    assert [one.text for one in documents_of("imdb", reviews) if one.id == "test-pos-1_8"] == [""]


def test_another_encoding_names_the_file(documents_of, write, reviews):
    write("aclImdb/test/neg/5_2.txt", "Two lines.\nCaf\u00e9".encode("latin-1"))
    with pytest.raises(DataError, match=r"test/neg/5_2\.txt, line 2, byte 4 is not UTF-8 \(0xe9"):
        documents_of("imdb", reviews)


def test_a_label_without_reviews_is_refused(documents_of, reviews):
    (reviews / "train/neg/0_3.txt").unlink()
    with pytest.raises(DataError, match="train/neg has no review; it holds nothing"):
        documents_of("imdb", reviews)
    (reviews / "train/neg").rmdir()
    with pytest.raises(DataError, match="train has no folder 'neg'; it holds pos"):
        documents_of("imdb", reviews)


def test_a_file_or_another_folder_is_refused(documents_of, write, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"empty has no folder 'neg'; it holds nothing\. The folde"):
        documents_of("imdb", tmp_path / "empty")
    with pytest.raises(DataError, match=r"a\.txt is no folder\. The folder aclImdb has"):
        documents_of("imdb", write("a.txt", "Good."))


@pytest.mark.parametrize("place", ["test/neg/6_2.txt", "test/neg"])
def test_links_out_of_the_folder_are_refused_at_every_depth(documents_of, write, reviews, place):
    outside = write("outside/6_2.txt", "secret")
    link = reviews / place
    if link.is_dir():
        (link / "0_1.txt").unlink()
        link.rmdir()
        outside = outside.parent
    link.symlink_to(outside)
    with pytest.raises(DataError, match="leads out of"):
        documents_of("imdb", reviews)
