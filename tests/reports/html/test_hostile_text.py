from attnaudit.reports.html import render_page

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "</p></article><h1>taken over</h1>",
    "{{ 7 * 7 }}",
    "\u202eevil\u202c",
    "\N{FAMILY}\N{ZERO WIDTH JOINER}\N{GRINNING FACE}",
    "مرحبا",
    "x" * 10_000,
    "\x00\x1b[31m",
)


def test_hostile_text_neither_breaks_the_page_nor_enters_it(whole_run, elements):
    whole_run.classes = (HOSTILE[0], HOSTILE[1])
    for claim, text in zip(list(whole_run.claims), HOSTILE, strict=False):
        changed = claim.model_copy(update={"model": HOSTILE[2], "statement": text})
        whole_run.claims[whole_run.claims.index(claim)] = changed
    whole_run.add(
        *({"name": f"{number} {text}", "tokens": (text, *HOSTILE[:3])}
          for number, text in enumerate(HOSTILE))
    )  # fmt: skip
    run = whole_run.finish(name=HOSTILE[2], source=HOSTILE[1], claims_source=HOSTILE[0])
    text = render_page(run, whole_run.directory)
    page = elements(text)
    assert len(page.every("script")) == 1
    assert not page.every("img")
    assert [one["text"] for one in page.every("h1")] == ["Attention audit"]
    assert not [name for one in page.found for name in one["attributes"] if name.startswith("on")]
    assert "{{ 7 * 7 }}" in text
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert "مرحبا" in text
    assert "x" * 65 not in text
    articles = page.every("article", class_="document")
    assert articles
    assert all(one["attributes"].get("dir") == "auto" for one in page.every("p", class_="words"))
