"""TFLite graphs in DeepSpeech's interface, as small as they can be."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

schema: Any = importlib.import_module("ai_edge_litert.schema_py_generated")
flatbuffers: Any = importlib.import_module("flatbuffers")
flexbuffers: Any = importlib.import_module("flatbuffers.flexbuffers")
FLOAT, INT = 0, 2


class Graph:
    """A graph that grows operator by operator."""

    def __init__(self) -> None:
        self.tensors: list[Any] = []
        self.operators: list[Any] = []
        self.codes: list[Any] = []
        self.buffers: list[Any] = [schema.BufferT()]

    def tensor(self, name: str, shape: tuple[int, ...], kind: int = FLOAT) -> int:
        """Add a tensor."""
        made = schema.TensorT()
        made.name, made.shape, made.type, made.buffer = name, list(shape), kind, 0
        self.tensors.append(made)
        return len(self.tensors) - 1

    def constant(self, name: str, value: NDArray[Any]) -> int:
        """Add a tensor with a value."""
        place = self.tensor(name, value.shape, FLOAT if value.dtype == np.float32 else INT)
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(value.tobytes(), np.uint8)
        self.buffers.append(buffer)
        self.tensors[place].buffer = len(self.buffers) - 1
        return place

    def operator(self, code: str, inputs: list[int], outputs: list[int], options: Any = None) -> None:
        """Add an operator; options are those of its kind, or a mapping for one that has a name alone."""
        made, opcode = schema.OperatorT(), schema.OperatorCodeT()
        custom = not hasattr(schema.BuiltinOperator, code)
        opcode.builtinCode = getattr(schema.BuiltinOperator, "CUSTOM" if custom else code)
        opcode.deprecatedBuiltinCode, opcode.version = min(opcode.builtinCode, 127), 1
        opcode.customCode = code if custom else None
        self.codes.append(opcode)
        made.opcodeIndex, made.inputs, made.outputs = len(self.codes) - 1, inputs, outputs
        if custom:
            made.customOptions = np.frombuffer(flexbuffers.Dumps(options), np.uint8)
        elif options is not None:
            made.builtinOptions = options
            made.builtinOptionsType = getattr(schema.BuiltinOptions, type(options).__name__[:-1])
        self.operators.append(made)

    def dense(self, source: int, weights: int, target: int) -> None:
        """Add a product with a matrix."""
        self.operator("FULLY_CONNECTED", [source, weights, -1], [target], schema.FullyConnectedOptionsT())

    def save(self, path: Path, inputs: list[int], outputs: list[int]) -> Path:
        """Write the graph."""
        sub, model = schema.SubGraphT(), schema.ModelT()
        sub.tensors, sub.operators, sub.inputs, sub.outputs = self.tensors, self.operators, inputs, outputs
        model.version, model.subgraphs, model.buffers = 3, [sub], self.buffers
        model.operatorCodes = self.codes
        builder = flatbuffers.Builder(1024)
        builder.Finish(model.Pack(builder), b"TFL3")
        path.write_bytes(bytes(builder.Output()))
        return path


def tiny_deepspeech(
    path: Path, letters: int = 29, probabilities: bool = True, seed: int = 0
) -> dict[str, Any]:
    """Save a graph whose letters follow from a frame and from the state; returns its weights."""
    draw, graph = np.random.default_rng(0), Graph()
    weights = {
        "frame": draw.normal(0, 0.02, (letters, 19 * 26)).astype(np.float32),
        "state": draw.normal(0, 1, (letters, 4)).astype(np.float32),
        "next": draw.normal(0, 0.01, (4, 16 * 19 * 26)).astype(np.float32),
    }
    node = graph.tensor("input_node", (1, 16, 19, 26))
    states = [graph.tensor(f"previous_state_{each}", (1, 4)) for each in "ch"]
    matrices = {name: graph.constant(name, value) for name, value in weights.items()}
    frames, flat = graph.tensor("frames", (16, 494)), graph.tensor("flat", (1, 16 * 494))
    for target, shape in ((frames, (16, 494)), (flat, (1, 16 * 494))):
        wanted = graph.constant("shape", np.array(shape, np.int32))
        graph.operator("RESHAPE", [node, wanted], [target], schema.ReshapeOptionsT())
    heard, lean = graph.tensor("heard", (16, letters)), graph.tensor("lean", (1, letters))
    graph.dense(frames, matrices["frame"], heard)
    graph.dense(states[1], matrices["state"], lean)
    logits = graph.tensor("sum" if probabilities else "logits", (16, letters))
    graph.operator("ADD", [heard, lean], [logits], schema.AddOptionsT())
    if probabilities:
        softmax = schema.SoftmaxOptionsT()
        softmax.beta = 1.0
        shares = graph.tensor("logits", (16, letters))
        graph.operator("SOFTMAX", [logits], [shares], softmax)
        logits = shares
    news = [graph.tensor(f"new_state_{each}", (1, 4)) for each in "ch"]
    graph.dense(flat, matrices["next"], news[0])
    graph.operator("ADD", [news[0], states[0]], [news[1]], schema.AddOptionsT())
    graph.save(path, [node, *states], [logits, *news])
    return weights


def spectral_graph(path: Path, samples: int) -> Path:
    """Save a graph of TensorFlow's own operators for spectra and cepstra, with DeepSpeech's settings."""
    graph, frames = Graph(), (samples - 512) // 320 + 1
    sound = graph.tensor("input_samples", (samples, 1))
    spectra = graph.tensor("spectra", (1, frames, 257))
    cepstra = graph.tensor("mfccs", (1, frames, 26))
    rate = graph.constant("rate", np.array(16_000, np.int32))
    wanted = {"window_size": 512, "stride": 320, "magnitude_squared": True}
    graph.operator("AudioSpectrogram", [sound], [spectra], wanted)
    mel = {"upper_frequency_limit": 8000.0, "lower_frequency_limit": 20.0}
    counts = {"filterbank_channel_count": 40, "dct_coefficient_count": 26}
    graph.operator("Mfcc", [spectra, rate], [cepstra], {**mel, **counts})
    return graph.save(path, [sound], [cepstra])
