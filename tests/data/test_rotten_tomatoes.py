import bz2

from attnaudit.data.rotten_tomatoes import REVIEWS, rotten_tomatoes
from attnaudit.data.split import drawn_split
from attnaudit.records import Document


def test_rotten_tomatoes_ignores_plots_and_repeated_texts_and_splits_by_movie():
    table = (
        "category,text,movie_name,has_plot_and_reviews\n"
        "plot,A man walks.,one,True\n"
        "fresh,Fine.,one,True\n"
        'rotten,"Dull, dull.",two,False\n'
        "fresh,Fine.,uno,True\n"
    )
    found = list(rotten_tomatoes({REVIEWS: bz2.compress(table.encode())}))
    assert found == [
        Document(id="rotten-tomatoes-2", text="Fine.", label="fresh", split=drawn_split("one")),
        Document(
            id="rotten-tomatoes-3", text="Dull, dull.", label="rotten", split=drawn_split("two")
        ),
    ]
