"""Tiny networks of each family with random weights, saved as their library saves them."""

import pytest
import torch

from attnaudit.records import Document

transformers = pytest.importorskip("transformers")
tokenizers = pytest.importorskip("tokenizers")

WORDS = (
    *("the", "a", "film", "plot", "was", "never", "quite"),
    *("dull", "great", "awful", "but", "we", "laughed"),
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
# The letter and the word "a" are one piece.
VOCABULARY = tuple(
    dict.fromkeys((*SPECIALS, *WORDS, *LETTERS, *(f"##{letter}" for letter in LETTERS), ",", "."))
)
CLASSES = {0: "bad", 1: "fair", 2: "good"}

_SHARED = {
    "vocab_size": len(VOCABULARY),
    "hidden_size": 16,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "max_position_embeddings": 40,
    "pad_token_id": 0,
    "bos_token_id": 2,
    "eos_token_id": 3,
}
_DISTIL = {
    "vocab_size": len(VOCABULARY),
    "dim": 16,
    "n_layers": 3,
    "n_heads": 2,
    "hidden_dim": 24,
    "max_position_embeddings": 40,
    "pad_token_id": 0,
}
_GPT = {
    "vocab_size": len(VOCABULARY),
    "n_embd": 16,
    "n_layer": 3,
    "n_head": 2,
    "n_positions": 40,
    "pad_token_id": 0,
}
_RELATIVE = {"relative_attention": True, "pos_att_type": ["c2p", "p2c"]}
_MODERN = {"cls_token_id": 2, "sep_token_id": 3}
FAMILIES = {
    "bert": ("Bert", _SHARED),
    "distilbert": ("DistilBert", _DISTIL),
    "roberta": ("Roberta", _SHARED),
    "electra": ("Electra", _SHARED | {"embedding_size": 8}),
    "albert": ("Albert", _SHARED | {"embedding_size": 8}),
    "deberta": ("Deberta", _SHARED | _RELATIVE),
    "deberta-v2": (
        "DebertaV2",
        _SHARED | _RELATIVE | {"position_buckets": 8, "conv_kernel_size": 3},
    ),
    "modernbert": ("ModernBert", _SHARED | _MODERN),
    "modernbert-mean": ("ModernBert", _SHARED | _MODERN | {"classifier_pooling": "mean"}),
    "gpt2": ("GPT2", _GPT),
    "openai-gpt": ("OpenAIGPT", _GPT),
    # The tokeniser ends every text with the piece that padding holds.
    "gpt2-pads-with-eos": ("GPT2", _GPT | {"pad_token_id": 3}),
    "llama": ("Llama", _SHARED | {"num_key_value_heads": 1}),
    "qwen2": ("Qwen2", _SHARED | {"num_key_value_heads": 1}),
    "mpnet": ("MPNet", _SHARED | {"pad_token_id": 1}),
    "nystromformer": ("Nystromformer", _SHARED),
    "longformer": ("Longformer", _SHARED | {"attention_window": [4, 4, 4]}),
    "xlnet": (
        "XLNet",
        {"vocab_size": len(VOCABULARY), "d_model": 16, "n_layer": 2, "n_head": 2, "d_inner": 24},
    ),
}
_APART = {"gpt2-pads-with-eos", "mpnet", "nystromformer", "longformer", "xlnet"}
SUPPORTED = [name for name in FAMILIES if name not in _APART]


def tiny_network(family, *, classes=CLASSES, **changes):
    """A network of a family, its weights large enough that attention is far from constant."""
    name, fields = FAMILIES[family]
    configuration = getattr(transformers, f"{name}Config")(
        **({"id2label": classes, "pad_token_id": 0} | fields | changes)
    )
    with torch.random.fork_rng():
        torch.default_generator.manual_seed(0)
        network = transformers.AutoModelForSequenceClassification.from_config(configuration)
        for parameter in network.parameters():
            if parameter.ndim > 1:
                torch.nn.init.normal_(parameter, std=0.5)
    return network


def tiny_tokenizer(**settings):
    """WordPiece over `WORDS` and letters, with [CLS] and [SEP]."""
    numbers = {piece: number for number, piece in enumerate(VOCABULARY)}
    named = {"unk": "[UNK]", "pad": "[PAD]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
    tokens = {f"{name}_token": piece for name, piece in named.items()}
    word_piece = tokenizers.models.WordPiece
    pieces = tokenizers.Tokenizer(word_piece(numbers, unk_token=tokens["unk_token"]))
    pieces.normalizer = tokenizers.normalizers.BertNormalizer()
    pieces.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    pieces.post_processor = tokenizers.processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    # Releases of the library differ in what a tokeniser says by itself.
    usual = {"model_max_length": 32, "model_input_names": ["input_ids", "attention_mask"]}
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=pieces, **(tokens | usual | settings)
    )


@pytest.fixture(scope="session")
def make_directory(tmp_path_factory):
    """Directories that are never written to twice: one for each family and changes."""
    made = {}
    shown = transformers.utils.logging.is_progress_bar_enabled()
    transformers.utils.logging.disable_progress_bar()

    def make(family, *, tokenizer=None, **changes):
        key = (family, repr(tokenizer), repr(sorted(changes.items())))
        if key not in made:
            path = tmp_path_factory.mktemp("transformer") / family
            network = tiny_network(family, **changes)
            network.save_pretrained(path)
            tiny_tokenizer(**(tokenizer or {})).save_pretrained(path)
            made[key] = path
        return made[key]

    yield make
    if shown:
        transformers.utils.logging.enable_progress_bar()


@pytest.fixture(scope="session")
def load(make_directory):
    """Tiny models, each opened once."""
    from attnaudit.models.transformers.loading import load_transformer  # noqa: PLC0415

    opened = {}

    def opening(family, *, dtype=torch.float64, **changes):
        key = (family, dtype, repr(sorted(changes.items())))
        if key not in opened:
            opened[key] = load_transformer(make_directory(family, **changes), dtype=dtype)
        return opened[key]

    return opening


@pytest.fixture
def texts():
    """Of different lengths, with a word of several sub-tokens and one document of one word."""
    written = ("the film was great", "dull", "we laughed but, zebra, never quite", "awful a awful")
    return [Document(id=f"d{number}", text=text) for number, text in enumerate(written)]
