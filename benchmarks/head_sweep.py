"""Every layer and head of a transformer: how far shuffling its attention moves the output.

Median over orders, then mean over documents, of the total variation distance. The heat map has a
row for each layer and a column for each head; beside it stand whole layers and all layers at once.

    python benchmarks/head_sweep.py runs/minilm-sst [--documents 50] [--draws 10] [--out FILE.svg]
"""

import argparse
from pathlib import Path

import matplotlib as mpl
import matplotlib.figure
import numpy as np
import torch

from attnaudit.data.audit_file import FILE_NAME, read_audit_file, read_audited_documents
from attnaudit.measurements.permutation import median_changes
from attnaudit.models.transformers.loading import load_transformer

AT_ONCE = 10


def mean_changes(model, documents, names, draws):
    """Mean change at each of the named sites."""
    total = np.zeros(len(names))
    ordered = sorted(documents, key=lambda one: len(one.text or ""))
    for start in range(0, len(ordered), AT_ONCE):
        batch = model.prepare(ordered[start : start + AT_ONCE])
        for place, attended in enumerate(model.attend(batch, sites=names)):
            total[place] += sum(median_changes(attended, draws=draws, seed=0))
    return total / len(documents)


def main():
    """Print the table and draw the heat map."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--documents", type=int, default=50)
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    model = load_transformer(asked.model, dtype=torch.float32)
    audited = read_audited_documents(read_audit_file(asked.model / FILE_NAME), asked.model)
    step = max(1, len(audited) // asked.documents)
    documents = audited[::step][: asked.documents]
    names = [site.name for site in model.sites if site.name != "layer.last"]
    found = dict(zip(names, mean_changes(model, documents, names, asked.draws), strict=True))
    layers, heads = model.anatomy.layers, max(model.anatomy.heads)
    table = np.full((layers, heads), np.nan)
    for layer, number in enumerate(model.anatomy.heads):
        for head in range(number):
            table[layer, head] = found[f"layer.{layer}.head.{head}"]
    print(f"{len(documents)} documents, {asked.draws} orders; all layers: {found['layers']:.4f}")
    print("| layer | whole | " + " | ".join(f"head {head}" for head in range(heads)) + " |")
    print("|---|---|" + "---|" * heads)
    for layer in range(layers):
        row = " | ".join(f"{value:.4f}" for value in table[layer])
        print(f"| {layer} | {found[f'layer.{layer}']:.4f} | {row} |")
    if asked.out is not None:
        draw(table, asked.out)


def draw(table, out):
    """The heat map as a picture without a date, so that equal numbers give equal files."""
    mpl.rcParams["svg.hashsalt"] = "attnaudit"
    figure = mpl.figure.Figure(figsize=(7, 3.5), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(table, cmap="viridis", vmin=0)
    axes.set(xlabel="head", ylabel="layer", xticks=range(table.shape[1]))
    axes.set_yticks(range(table.shape[0]))
    figure.colorbar(image, label="mean change of the output (TVD)")
    figure.savefig(out, metadata={"Date": None})


if __name__ == "__main__":
    main()
