"""The whole network against its definition, written with loops over floats."""

import math

import pytest

from attnaudit.data.vocabulary import END, START


def linear(layer, state):
    biases = [0.0] * layer.out_features if layer.bias is None else layer.bias.tolist()
    return [
        sum(w * x for w, x in zip(row, state, strict=True)) + bias
        for row, bias in zip(layer.weight.tolist(), biases, strict=True)
    ]


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def recurrent(lstm, inputs):
    hidden = cell = [0.0] * lstm.hidden_size
    states = []
    for one in inputs:
        gates = [
            b
            + c
            + sum(w * x for w, x in zip(v, one, strict=True))
            + sum(w * x for w, x in zip(u, hidden, strict=True))
            for v, u, b, c in zip(
                lstm.weight_ih_l0.tolist(),
                lstm.weight_hh_l0.tolist(),
                lstm.bias_ih_l0.tolist(),
                lstm.bias_hh_l0.tolist(),
                strict=True,
            )
        ]
        size = lstm.hidden_size
        let_in, forget, new, show = (gates[i * size : (i + 1) * size] for i in range(4))
        cell = [
            sigmoid(f) * c + sigmoid(i) * math.tanh(n)
            for f, c, i, n in zip(forget, cell, let_in, new, strict=True)
        ]
        hidden = [sigmoid(o) * math.tanh(c) for o, c in zip(show, cell, strict=True)]
        states.append(hidden)
    return states


def bilstm(encoder, inputs):
    forwards = recurrent(encoder.forwards, inputs)
    backwards = recurrent(encoder.backwards, inputs[::-1])[::-1]
    states = [f + b for f, b in zip(forwards, backwards, strict=True)]
    return states, forwards[-1] + backwards[0]


def cnn(encoder, inputs):
    states = []
    for position in range(len(inputs)):
        state = []
        for convolution in encoder.convolutions:
            weight, bias = convolution.weight.tolist(), convolution.bias.tolist()
            for kernel, constant in zip(weight, bias, strict=True):
                width = len(kernel[0])
                total = constant
                for tap in range(width):
                    place = position + tap - width // 2
                    if 0 <= place < len(inputs):
                        total += sum(k[tap] * x for k, x in zip(kernel, inputs[place], strict=True))
                state.append(max(0.0, total))
        states.append(state)
    return states, [max(column) for column in zip(*states, strict=True)]


def average(encoder, inputs):
    states = [[math.tanh(x) for x in linear(encoder.projection, one)] for one in inputs]
    return states, [sum(column) / len(states) for column in zip(*states, strict=True)]


ENCODERS = {"bilstm": bilstm, "cnn": cnn, "average": average}


def read(reader, numbers, encode):
    rows = reader.embedding.weight.tolist()
    return encode(reader.encoder, [rows[number] for number in (START, *numbers, END)])


def softmax(scores):
    weights = [math.exp(score) for score in scores]
    return [weight / sum(weights) for weight in weights]


def scores_by_hand(attention, states, query, kind):
    if kind == "dot":
        return [
            sum(h * q for h, q in zip(state, query, strict=True)) / math.sqrt(len(query))
            for state in states
        ]
    of_query = linear(attention.query, query)
    return [
        linear(
            attention.vector,
            [
                math.tanh(w + q)
                for w, q in zip(linear(attention.words, state), of_query, strict=True)
            ],
        )[0]
        for state in states
    ]


def predict_by_hand(model, document, candidates):
    """Attention and probabilities by the definition, one document by itself."""
    network, encode = model.network, ENCODERS[model.configuration.encoder]
    states, _ = read(network.document, model.vocabulary.encode(document.tokens), encode)
    _, query = read(network.query, model.vocabulary.encode(document.text2.split()), encode)
    words = states[1:-1]
    kind = model.configuration.attention
    attention = softmax(scores_by_hand(network.attention, words, query, kind))
    context = [
        sum(a * h for a, h in zip(attention, column, strict=True))
        for column in zip(*words, strict=True)
    ]
    inner = [
        math.tanh(c + q)
        for c, q in zip(
            linear(network.head.context, context), linear(network.head.query, query), strict=True
        )
    ]
    powers = [
        math.exp(logit) if allowed else 0.0
        for logit, allowed in zip(linear(network.head.output, inner), candidates, strict=True)
    ]
    return attention, [power / sum(powers) for power in powers]


@pytest.mark.parametrize("attention", ["additive", "dot"])
@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("candidates", ["all", "mentioned"])
def test_the_model_equals_its_definition_written_in_floats(
    encoder, attention, candidates, make_pair_model, pairs
):
    model = make_pair_model(encoder=encoder, attention=attention, candidates=candidates)
    batch = model.prepare(pairs)
    (attended,) = model.attend(batch, sites=["attention"])
    logits = model.network(
        batch.token_ids, batch.mask, batch.query_ids, batch.query_mask, batch.candidates
    )
    for row, document in enumerate(pairs):
        said = {word.lower() for word in document.tokens}
        allowed = [candidates == "all" or name.lower() in said for name in model.outputs.classes]
        weights, probabilities = predict_by_hand(model, document, allowed)
        found = attended.attention[row, : len(weights)].tolist()
        assert found == pytest.approx(weights, abs=1e-13)
        assert attended.probabilities[row].tolist() == pytest.approx(probabilities, abs=1e-13)
        assert softmax(logits[row].tolist()) == pytest.approx(probabilities, abs=1e-13)
