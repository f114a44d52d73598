"""An encoder without a head, one layer, that has seen nothing, and its tokeniser."""

import pytest
import torch

from .conftest import EVIDENCE, FILLER

transformers = pytest.importorskip("transformers")
tokenizers = pytest.importorskip("tokenizers")

SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
PIECES = (*SPECIALS, *FILLER, *(word for two in EVIDENCE.values() for word in two))


def save_encoder(path):
    """Save both; documents of `conftest.py` consist of what it knows."""
    configuration = transformers.BertConfig(
        vocab_size=len(PIECES),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=20,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    with torch.random.fork_rng():
        torch.default_generator.manual_seed(0)
        encoder = transformers.BertModel(configuration)
        for parameter in encoder.parameters():
            if parameter.ndim > 1:
                torch.nn.init.normal_(parameter, std=0.4)
    encoder.save_pretrained(path)
    encoder_tokenizer().save_pretrained(path)


def encoder_tokenizer(longest=20):
    """One piece to a word, [CLS] and [SEP], and which text a piece is of."""
    numbers = {piece: number for number, piece in enumerate(PIECES)}
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel(numbers, unk_token=SPECIALS[1]))
    words.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    words.post_processor = tokenizers.processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    names = zip(("pad", "unk", "cls", "sep"), SPECIALS, strict=True)
    special = {f"{name}_token": piece for name, piece in names}
    fast = transformers.PreTrainedTokenizerFast
    return fast(tokenizer_object=words, model_max_length=longest, **special)
