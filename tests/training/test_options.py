import pytest

from attnaudit.errors import UsageError


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"encoder": "gru"}, "--encoder must be one of bilstm, cnn, average; found 'gru'"),
        ({"attention": "soft"}, "--attention must be one of additive, dot; found 'soft'"),
        ({"tokenizer": "words"}, "--tokenizer must be one of whitespace, spacy; found 'words'"),
        ({"seed": 2**63}, "--seed must be at most"),
        ({"hidden_size": 8, "seed": -1}, "--seed must be at least 0; found -1"),
        ({"epochs": 0}, "--epochs must be at least 1; found 0"),
        ({"min_tokens": 0}, "--min-tokens must be at least 1; found 0"),
        ({"min_tokens": 6, "max_tokens": 5}, "--max-tokens must be at least 6; found 5"),
        ({"min_document_frequency": 0}, "--min-document-frequency must be at least 1; found 0"),
        ({"embedding_size": 0}, "--embedding-size must be at least 1; found 0"),
        ({"embedding_scale": 0.0}, "--embedding-scale must be positive and finite; found 0"),
        ({"embedding_scale": float("nan")}, "--embedding-scale must be .* finite; found nan"),
        ({"hidden_size": 1}, "--hidden-size must be at least 2; found 1"),
        ({"batch_size": 0}, "--batch-size must be at least 1; found 0"),
    ],
    ids=lambda value: (
        "-and-".join(f"{key}={value[key]}" for key in value) if isinstance(value, dict) else ""
    ),
)
def test_an_impossible_option_is_refused_by_name_with_what_was_seen(make_options, changes, said):
    with pytest.raises(UsageError, match=said):
        make_options(**changes)
