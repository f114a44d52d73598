import pytest

from attnaudit.records import Document, ValueRow
from attnaudit.runs.growth import Table, ensure
from attnaudit.runs.stream import part_ranges
from attnaudit.store.directory import create_run_directory
from attnaudit.store.first import looks_of

DOCUMENTS = tuple(Document(id=f"d{number}", text="x") for number in range(20))


class Counted:
    """A table whose parts say which documents they were written for."""

    def __init__(self, path, *, grows):
        self.directory = create_run_directory(path)
        self.parts = self.directory.measurement("k" * 64)
        self.measured = []
        self.table = Table(
            parts=self.parts,
            key="k" * 64,
            description="counted",
            write=self.write,
            summary={"audit": "permutation"},
            grows=grows,
        )

    def write(self, *, documents, ends, advance):
        for index, (start, end) in enumerate(part_ranges(ends)):
            if index not in self.parts:
                names = [document.id for document in documents[start:end]]
                self.measured += names
                rows = [
                    ValueRow(document=name, quantity="tvd", value=0.0, lower=0.0, upper=0.0)
                    for name in names
                ]
                self.parts.write(index, rows)
            advance(end - start)

    def ensure(self, *ends):
        return ensure(self.table, self.directory, DOCUMENTS, ends=ends, shown=False)


@pytest.fixture
def growing(tmp_path):
    return Counted(tmp_path, grows=True)


def test_more_documents_are_measured_only_when_they_are_asked_for(growing):
    growing.ensure(5)
    assert growing.measured == [f"d{number}" for number in range(5)]
    growing.ensure(5, 10)
    assert growing.measured == [f"d{number}" for number in range(10)]


def test_whoever_asks_for_fewer_measures_nothing_and_sees_all_looks(growing):
    growing.ensure(5, 10)
    about = growing.ensure(5)
    assert len(growing.measured) == 10
    assert [look.drawn for look in looks_of(about)] == [5, 10]


def test_the_seconds_of_all_blocks_are_added_up(growing):
    first = growing.ensure(5)["seconds"]
    assert growing.ensure(5, 10)["seconds"] > first


def test_a_table_that_does_not_grow_is_computed_once(tmp_path):
    fixed = Counted(tmp_path, grows=False)
    fixed.ensure(20)
    about = fixed.ensure(20)
    assert len(fixed.measured) == 20
    assert looks_of(about) == ()


def test_parts_end_at_every_look_and_are_never_larger_than_usual():
    ranges = part_ranges((50, 100, 3_200))
    assert ranges[:3] == [(0, 50), (50, 100), (100, 1_100)]
    assert ranges[-1] == (3_100, 3_200)
    assert [end for _, end in ranges][:-1] == [start for start, _ in ranges][1:]
