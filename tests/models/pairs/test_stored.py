"""What a run keeps of documents of two texts."""

import pytest

from attnaudit.records import Document
from attnaudit.runs.stream import write_documents
from attnaudit.store.directory import create_run_directory


@pytest.mark.parametrize(("store_text", "kept"), [(True, "where is ann"), (False, None)])
def test_the_second_text_is_kept_with_the_words_and_never_without(
    make_pair_model, tmp_path, store_text, kept
):
    parts = create_run_directory(tmp_path).documents("k" * 64)
    write_documents(
        parts,
        make_pair_model(),
        [Document(id="d", text="ann went to the garden", text2="where is ann")],
        name="m",
        site="attention",
        store_text=store_text,
        batch_size=1,
        advance=lambda _: None,
    )
    [row] = [row for table in parts.tables() for row in table.to_pylist()]
    assert (row["text2"], row["tokens"] is None) == (kept, not store_text)
