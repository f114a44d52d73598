"""The words that planted models know: evidence of two kinds, and neutral ones."""

POSITIVE_WORDS = ("brilliant", "delightful", "excellent", "superb", "wonderful")
NEGATIVE_WORDS = ("awful", "boring", "clumsy", "dreadful", "tedious")
NEUTRAL_WORDS = (
    *("about", "after", "again", "around", "because", "before", "between", "camera", "city"),
    *("director", "during", "evening", "family", "film", "from", "house", "into", "later"),
    *("light", "morning", "movie", "music", "over", "people", "plays", "role", "scene", "screen"),
    *("script", "sound", "story", "street", "summer", "the", "their", "there", "through", "time"),
    *("town", "under", "walks", "watches", "where", "while", "window", "winter", "with", "year"),
)
