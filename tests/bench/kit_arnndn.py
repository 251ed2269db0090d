# SPDX-License-Identifier: AGPL-3.0-or-later
"""Weights for FFmpeg's arnndn, the peer that is RNNoise 0.1: read out of the package's dist/rnnoise.wasm, whose data
hold six records that describe six layers (shapes, kind of bend, and where bias and weights lie)."""
import importlib.machinery
import importlib.util
import os
import struct

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MODULE = os.path.join(ROOT, "ui/node_modules/@jitsi/rnnoise-wasm/dist/rnnoise.wasm")
TANH, SIGMOID, RELU = 0, 1, 2
# Remembers?, inputs, neurons, bend: in the order of the records.
LAYERS = [(False, 42, 24, TANH), (True, 24, 24, RELU), (True, 90, 48, RELU), (True, 114, 96, RELU),
          (False, 96, 22, SIGMOID), (False, 24, 1, SIGMOID)]


def memory():
    """What the module begins with, by the reader that the build has."""
    loader = importlib.machinery.SourceFileLoader("rnnweights", os.path.join(ROOT, "tools", "rnnweights"))
    reader = importlib.util.module_from_spec(importlib.util.spec_from_loader("rnnweights", loader))
    loader.exec_module(reader)
    with open(MODULE, "rb") as f:
        return reader.memory_of(f.read())


def records(data):
    """Pointers of each layer: the place where six records of these very shapes follow each other."""
    record = "<" + "".join("IIIiii" if remembers else "IIiii" for remembers, *_ in LAYERS)
    for at in range(0, len(data) - struct.calcsize(record) + 1, 4):
        words, layers = list(struct.unpack_from(record, data, at)), []
        for remembers, *shape in LAYERS:
            n = 3 if remembers else 2
            layers.append(words[:n] if words[n:n + 3] == shape else None)
            words = words[n + 3:]
        if all(layers):
            return layers
    return None


def weights_text(path):
    """arnndn's own form of them goes to `path`, which is returned; None where the package is missing."""
    if not os.path.exists(MODULE):
        return None
    data, lines = memory(), ["rnnoise-nu model file version 1"]
    for (remembers, inputs, neurons, bend), (bias, *weights) in zip(LAYERS, records(data)):
        width = neurons * (3 if remembers else 1)
        lines.append("%d %d %d" % (inputs, neurons, bend))
        for at, count in zip([*weights, bias], [inputs, neurons, 1] if remembers else [inputs, 1]):
            lines.append(" ".join(map(str, struct.unpack_from("%db" % (count * width), data, at))))
    with open(path, "w", encoding="ascii") as f:
        f.write("\n".join(lines) + "\n")
    return path
