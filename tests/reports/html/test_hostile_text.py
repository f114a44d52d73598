def test_hostile_text_neither_breaks_the_page_nor_enters_it(hostile_page, elements):
    page = elements(hostile_page)
    assert len(page.every("script")) == 1
    assert not page.every("img")
    assert [one["text"] for one in page.every("h1")] == ["Attention audit"]
    assert not [name for one in page.found for name in one["attributes"] if name.startswith("on")]
    assert "{{ 7 * 7 }}" in hostile_page
    assert "\u202e" not in hostile_page
    assert "\x1b" not in hostile_page
    assert "مرحبا" in hostile_page
    assert "x" * 65 not in hostile_page
    articles = page.every("article", class_="document")
    assert articles
    assert all(one["attributes"].get("dir") == "auto" for one in page.every("p", class_="words"))
