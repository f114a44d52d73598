import pytest

from attnaudit.data.newsgroups import TEST, TRAIN, newsgroups_sports
from attnaudit.errors import DataError

POST = b"From: a@b.org\nSubject: Re: goalies\n\n> quoted\nna\xefve\n--\nA footer\n"
POSTS = (
    "20news-bydate-train/rec.sport.hockey/52550",
    "20news-bydate-train/rec.sport.baseball/100521",
    "20news-bydate-train/sci.med/57110",
    "20news-bydate-test/rec.sport.hockey/53468",
    "20news-bydate-test/rec.sport.baseball/53468",
)


@pytest.fixture
def posts(write, tmp_path):
    for name in POSTS:
        write(f"20news-bydate/{name}", POST)
    return tmp_path / "20news-bydate"


def test_folders_tell_group_and_split(documents_of, posts):
    found = [(one.id, one.label, one.split) for one in documents_of("20newsgroups", posts)]
    train, test = "20news-bydate-train", "20news-bydate-test"
    assert found == [
        (f"{train}-rec.sport.baseball-100521", "rec.sport.baseball", "train"),
        (f"{train}-rec.sport.hockey-52550", "rec.sport.hockey", "train"),
        (f"{train}-sci.med-57110", "sci.med", "train"),
        (f"{test}-rec.sport.baseball-53468", "rec.sport.baseball", "test"),
        (f"{test}-rec.sport.hockey-53468", "rec.sport.hockey", "test"),
    ]


def test_the_text_is_the_whole_post_in_latin_1(documents_of, posts):
    texts = {one.text for one in documents_of("20newsgroups", posts)}
    assert texts == {"From: a@b.org\nSubject: Re: goalies\n\n> quoted\nna\u00efve\n--\nA footer\n"}


def test_the_binary_task_keeps_two_groups_labelled_as_in_the_catalog(documents_of, posts):
    documents = documents_of("20newsgroups-sports", posts)
    assert [(one.label, one.split) for one in documents] == [
        ("baseball", "train"),
        ("hockey", "train"),
        ("baseball", "test"),
        ("hockey", "test"),
    ]
    line = "h\nd\nc\nrec.sport.baseball\tsix words are the shortest post\n"
    line += "rec.sport.hockey\tsix words are the shortest post\n"
    in_catalog = newsgroups_sports({TRAIN: line.encode(), TEST: line.encode()})
    assert {one.label for one in in_catalog} == {one.label for one in documents}


def test_a_folder_of_groups_has_no_split_and_the_same_ids(documents_of, posts):
    alone = documents_of("20newsgroups", posts / "20news-bydate-test")
    assert [one.split for one in alone] == [None, None]
    assert {one.id for one in alone} < {one.id for one in documents_of("20newsgroups", posts)}


def test_posts_are_files_called_by_a_number_and_nothing_else_is_read(documents_of, write, posts):
    before = documents_of("20newsgroups", posts)
    write("20news-bydate/20news-bydate-test/rec.sport.hockey/index.html", "x")
    write("20news-bydate/20news-bydate-test/README", "x")
    write("20news-bydate/README", "x")
    assert documents_of("20newsgroups", posts) == before
    write("20news-bydate/20news-bydate-test/rec.sport.hockey/7.gz", POST)
    assert len(documents_of("20newsgroups", posts)) == len(before) + 1


def test_a_folder_that_is_no_group_is_refused_by_both_readers(documents_of, write, posts):
    write("20news-bydate/20news-bydate-test/rec.sport.curling/1", POST)
    for reader in ("20newsgroups", "20newsgroups-sports"):
        with pytest.raises(DataError, match=r"folder 'rec\.sport\.curling', which is not one of"):
            documents_of(reader, posts)


def test_a_folder_without_the_groups_is_refused(documents_of, write, tmp_path):
    write("few/sci.med/1", POST)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"the groups alt\.atheism, .* and so on; it holds nothing"):
        documents_of("20newsgroups", tmp_path / "empty")
    with pytest.raises(DataError, match=r"rec\.sport\.baseball, rec\.sport\.hockey; it holds sci"):
        documents_of("20newsgroups-sports", tmp_path / "few")


def test_a_file_is_refused(documents_of, write):
    with pytest.raises(DataError, match=r"52550 is no folder\. Name a folder with 20news-by"):
        documents_of("20newsgroups", write("52550", POST))


def test_a_group_without_posts_is_refused(documents_of, posts):
    (posts / "20news-bydate-train" / "sci.space").mkdir()
    with pytest.raises(DataError, match=r"sci\.space has no post; it holds nothing"):
        documents_of("20newsgroups", posts)


@pytest.mark.parametrize("place", ["sci.space", "sci.med/1", "rec.sport.hockey/2"])
def test_links_out_of_the_folder_are_refused_at_every_depth(documents_of, write, posts, place):
    outside = write("outside/1", "secret")
    link = posts / "20news-bydate-train" / place
    link.symlink_to(outside.parent if place == "sci.space" else outside)
    with pytest.raises(DataError, match="leads out of"):
        documents_of("20newsgroups", posts)
