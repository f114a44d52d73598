from attnaudit.reports.subjects import subject_names


def test_a_model_at_one_site_is_called_by_its_name():
    subjects = [("news", "attention"), ("films", "attention"), ("news", "attention")]
    assert subject_names(subjects) == {
        ("news", "attention"): "news",
        ("films", "attention"): "films",
    }


def test_where_one_model_has_several_sites_every_name_says_the_site():
    subjects = [("news", "layer.0"), ("films", "layer.0"), ("news", "layer.1")]
    assert list(subject_names(subjects).values()) == [
        "news/layer.0",
        "films/layer.0",
        "news/layer.1",
    ]


def test_the_same_site_of_two_models_is_not_several_sites():
    assert "/" not in "".join(subject_names([("a", "s"), ("b", "t")]).values())


def test_no_name_drives_the_terminal_or_fills_it():
    names = subject_names([("\x1b[2J", "a"), ("\x1b[2J", "\n" + "x" * 1_000)]).values()
    assert "".join(names).isprintable()
    assert max(map(len, names)) < 250
