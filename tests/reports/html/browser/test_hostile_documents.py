"""Documents that would rather be markup, as a browser takes them."""


def test_hostile_documents_run_nothing_and_fetch_nothing(opened, hostile_page):
    shown = opened(hostile_page)
    assert shown.complaints == []
    assert len(shown.requests) == 1
    assert shown.page.locator("script").count() == 1
    assert shown.page.locator("img").count() == 0


def test_hostile_documents_stay_inside_their_place(opened, hostile_page):
    shown = opened(hostile_page)
    assert shown.visible("h1") == ["Attention audit"]
    assert shown.page.locator("main > section").count() == 3
    assert shown.page.locator("article article, p article").count() == 0
    assert shown.overflow() == 0


def test_a_class_named_like_markup_can_be_filtered_by(opened, hostile_page):
    shown = opened(hostile_page)
    shown.page.select_option("select[name=predicted]", label='"><img src=x onerror=alert(2)>')
    assert len(shown.visible("article.document")) == shown.page.locator("article").count()


def test_text_from_right_to_left_turns_its_own_words_and_no_others(opened, hostile_page):
    directions = opened(hostile_page).page.evaluate(
        """[...document.querySelectorAll("p.words")].map((one) => [
             /^\\s*\\p{Script=Arabic}/u.test(one.textContent), getComputedStyle(one).direction])"""
    )
    assert {direction for arabic, direction in directions if arabic} == {"rtl"}
    assert {direction for arabic, direction in directions if not arabic} == {"ltr"}


def test_a_word_of_10000_letters_does_not_fill_the_page(opened, hostile_page):
    shown = opened(hostile_page)
    heights = shown.page.evaluate(
        '[...document.querySelectorAll("article")].map((one) => one.clientHeight)'
    )
    assert max(heights) < 400
