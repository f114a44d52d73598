import os

import pytest

from attnaudit.errors import ModelError
from attnaudit.models.members import open_member, read_member


def refused(directory, message, name="config.json"):
    with pytest.raises(ModelError, match=message):
        open_member(directory, name).close()


def test_a_missing_directory_is_named(tmp_path):
    refused(tmp_path / "gone", "there is no model directory .*gone")


def test_a_file_in_place_of_a_directory_is_named(tmp_path):
    (tmp_path / "model.pt").write_bytes(b"x")
    refused(tmp_path / "model.pt", "is a file, and a model is a directory")


def test_an_empty_directory_is_named(tmp_path):
    refused(tmp_path, "is empty")


def test_a_missing_file_is_named(tmp_path):
    (tmp_path / "readme").write_text("x", encoding="utf-8")
    refused(tmp_path, "has no config.json")


@pytest.mark.parametrize("suffix", ["bin", "pt", "pth", "pkl", "pickle", "ckpt", "BIN"])
def test_a_directory_with_only_a_pickle_is_refused_with_the_way_to_convert_it(suffix, tmp_path):
    (tmp_path / f"model.{suffix}").write_bytes(b"x")
    refused(tmp_path, rf"only as model\.{suffix}.*none is ever read.*save_file")


def test_a_pickle_is_refused_where_only_the_weights_are_missing(tmp_path):
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    (tmp_path / "pytorch_model.bin").write_bytes(b"x")
    refused(tmp_path, "only as pytorch_model.bin", name="model.safetensors")


def test_a_pickle_beside_safetensors_is_not_what_is_wrong(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"x")
    (tmp_path / "optimizer.pt").write_bytes(b"x")
    refused(tmp_path, "has no config.json")


def test_a_link_out_of_the_directory_is_not_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("{}", encoding="utf-8")
    directory = tmp_path / "model"
    directory.mkdir()
    (directory / "config.json").symlink_to(secret)
    refused(directory, "is a link to a file outside that directory")


def test_a_dangling_link_out_of_the_directory_is_refused(tmp_path):
    (tmp_path / "config.json").symlink_to("/nowhere/at/all")
    refused(tmp_path, "is a link to a file outside that directory")


def test_a_name_that_climbs_out_of_the_directory_is_refused(tmp_path):
    directory = tmp_path / "model"
    directory.mkdir()
    (directory / "config.json").write_text("{}", encoding="utf-8")
    (tmp_path / "secret").write_text("{}", encoding="utf-8")
    refused(directory, "outside that directory", name="../secret")


def test_links_inside_the_directory_and_to_the_directory_are_followed(tmp_path):
    directory = tmp_path / "model"
    directory.mkdir()
    (directory / "real").write_bytes(b"content")
    (directory / "config.json").symlink_to("real")
    (tmp_path / "alias").symlink_to(directory)
    assert read_member(tmp_path / "alias", "config.json", most_bytes=7) == b"content"


def test_a_loop_of_links_is_refused(tmp_path):
    (tmp_path / "config.json").symlink_to("config.json")
    refused(tmp_path, r"config\.json of")


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "config.json")
    refused(tmp_path, "not a regular file")


def test_a_folder_in_place_of_a_file_is_refused(tmp_path):
    (tmp_path / "config.json").mkdir()
    refused(tmp_path, "not a regular file")


def test_content_over_the_limit_is_refused(tmp_path):
    (tmp_path / "config.json").write_bytes(b"12345678")
    assert read_member(tmp_path, "config.json", most_bytes=8) == b"12345678"
    with pytest.raises(ModelError, match="more than 7 bytes"):
        read_member(tmp_path, "config.json", most_bytes=7)


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "config.json").touch()
    with pytest.raises(ModelError, match=r"config\.json of .* is empty"):
        read_member(tmp_path, "config.json", most_bytes=8)
