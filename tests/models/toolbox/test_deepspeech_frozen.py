"""DeepSpeech 0.1: its cepstra, its weights out of a frozen graph, and its network step by step."""

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.audio import load_audio
from core.paths import DEMO_CLIP
from models.toolbox.deepspeech import SHAPE
from models.toolbox.deepspeech_frozen import CELL, frozen_cepstra, frozen_logits
from models.toolbox.deepspeech_graph import with_context
from models.toolbox.encoder_folders import EncoderError
from models.toolbox.frozen_graph import constants
from models.toolbox.listening import fixed, listen

SPEECH = load_audio(DEMO_CLIP).mono(16_000)
CELLS = 6
TYPES = {"string": 9, "bytes": 12, "int64": 3, "int32": 5, "message": 11}
MESSAGES = {
    "Dim": [("size", 1, "int64", "")],
    "Shape": [("dim", 2, "message", "*Dim")],
    "Tensor": [("dtype", 1, "int32", ""), ("shape", 2, "message", "Shape"), ("content", 4, "bytes", "")],
    "Value": [("type", 6, "int32", ""), ("tensor", 8, "message", "Tensor")],
    "Attribute": [("key", 1, "string", ""), ("value", 2, "message", "Value")],
    "Node": [
        *[("name", 1, "string", ""), ("op", 2, "string", ""), ("input", 3, "string", "*")],
        ("attr", 5, "message", "*Attribute"),
    ],
    "Graph": [("node", 1, "message", "*Node")],
}
"""What is used of TensorFlow's graphs: names, numbers, types; a star for what repeats."""


@pytest.fixture(scope="module")
def new_graph() -> Any:
    """Return a class for graphs, written by the library that writes the real ones."""
    pytest.importorskip("google.protobuf", reason="protobuf is not installed")
    descriptors = importlib.import_module("google.protobuf.descriptor_pb2")
    file = descriptors.FileDescriptorProto(name="graph.proto", package="g", syntax="proto3")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, number, kind, of in fields:
            made = message.field.add(name=field, number=number, type=TYPES[kind], label=3 if "*" in of else 1)
            if kind == "message":
                made.type_name = f".g.{of.lstrip('*')}"
    pool = importlib.import_module("google.protobuf.descriptor_pool").DescriptorPool()
    pool.Add(file)
    factory = importlib.import_module("google.protobuf.message_factory")
    return factory.GetMessageClass(pool.FindMessageTypeByName("g.Graph"))


def weights_of(seed: int = 0, letters: int = 29) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)
    sizes = {"1": (494, 8), "2": (8, 8), "3": (8, 10), "5": (2 * CELLS, 8), "6": (8, letters)}
    found = {f"h{n}": draw.normal(0, 0.5, size) for n, size in sizes.items()}
    found |= {f"b{n}": draw.normal(0, 0.5, size[1]) for n, size in sizes.items()}
    for way in ("fw", "bw"):
        found[CELL.format(way, "kernel")] = draw.normal(0, 0.5, (10 + CELLS, 4 * CELLS))
        found[CELL.format(way, "bias")] = draw.normal(0, 0.5, 4 * CELLS)
    return {name: value.astype(np.float32) for name, value in found.items()}


def save(path: Path, graph: Any, weights: dict[str, np.ndarray], old: bool = False) -> None:
    whole = graph()
    whole.node.add(name="input_node", op="Placeholder")
    for name, value in weights.items():
        called = name.replace("kernel", "weights").replace("cell/bias", "cell/biases") if old else name
        node = whole.node.add(name=called, op="Const")
        node.attr.add(key="dtype").value.type = 1
        attribute = node.attr.add(key="value").value
        attribute.tensor.dtype, attribute.tensor.content = 1, value.tobytes()
        for size in value.shape:
            attribute.tensor.shape.dim.add(size=size)
        whole.node.add(name=f"{called}/read", op="Identity", input=[called])
    path.write_bytes(whole.SerializeToString())


def step_by_step(weights: dict[str, np.ndarray], inputs: np.ndarray) -> np.ndarray:
    """The network as its authors describe it, with TensorFlow's cell written out."""

    def sigmoid(x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def dense(x: np.ndarray, n: int) -> np.ndarray:
        return x @ weights[f"h{n}"] + weights[f"b{n}"]

    hidden = inputs
    for n in (1, 2, 3):
        hidden = np.clip(dense(hidden, n), 0, 20)
    ways = []
    for way, order in (("fw", 1), ("bw", -1)):
        cell, state, outputs = np.zeros(CELLS), np.zeros(CELLS), []
        for row in hidden[::order]:
            gates = np.concatenate([row, state]) @ weights[CELL.format(way, "kernel")]
            enter, new, forget, leave = np.split(gates + weights[CELL.format(way, "bias")], 4)
            cell = cell * sigmoid(forget + 1) + sigmoid(enter) * np.tanh(new)
            state = np.tanh(cell) * sigmoid(leave)
            outputs.append(state)
        ways.append(np.array(outputs)[::order])
    return dense(np.clip(dense(np.concatenate(ways, axis=1), 5), 0, 20), 6)


def test_cepstra_are_those_of_python_speech_features() -> None:
    times = np.arange(8000) / 16_000
    sound = 8000 * np.sin(2 * np.pi * (200 + 400 * times) * times) + 2000 * np.sin(2 * np.pi * 2500 * times)
    found = frozen_cepstra((np.rint(sound) / 32_768).astype(np.float32))
    assert found.shape == (25, 26)
    # By mfcc(sound, samplerate=16000, numcep=26)[::2] of that package, 0.6.
    wanted = [
        [19.791, 1.831, -4.007, -28.53, 0.169],
        [19.926, 12.827, -11.483, 0.516, 0.684],
        [20.116, 6.607, -17.307, -24.89, 0.058],
    ]
    np.testing.assert_allclose(found[[0, 7, 24]][:, [0, 1, 2, 12, 25]], wanted, atol=6e-4)
    assert len(frozen_cepstra(SPEECH)) == 439
    assert len(frozen_cepstra(SPEECH[:100])) == 1


@pytest.mark.parametrize("old", [False, True])
def test_a_frozen_graph_hears_as_its_authors_say(old: bool, new_graph: Any, tmp_path: Path) -> None:
    weights = weights_of()
    save(tmp_path / "output_graph.pb", new_graph, weights, old)
    inputs = with_context(frozen_cepstra(SPEECH)).reshape(-1, 494).astype(np.float64)
    wanted = step_by_step(weights, (inputs - inputs.mean()) / inputs.std())
    found = frozen_logits(tmp_path / "output_graph.pb", SPEECH)
    np.testing.assert_allclose(found, wanted, atol=2e-3)


def test_it_is_an_ear_in_the_time_of_vocas_windows(new_graph: Any, tmp_path: Path) -> None:
    path = tmp_path / "output_graph.pb"
    save(path, new_graph, weights_of())
    logits = frozen_logits(path, SPEECH)
    features = listen(SPEECH, 60, fixed(f"deepspeech:{path}")).reshape(-1, *SHAPE)
    times = np.arange(len(features)) / 60
    wanted = [np.interp(times, np.arange(len(logits)) / 50, column) for column in logits.T]
    np.testing.assert_allclose(features[:, 8], np.stack(wanted, 1), atol=1e-3)


def test_constants_are_read_whole_or_not(new_graph: Any, tmp_path: Path) -> None:
    path, weights = tmp_path / "g.pb", weights_of()
    save(path, new_graph, weights)
    content = path.read_bytes()
    read = constants(content)
    assert read.keys() == weights.keys()
    for name, value in weights.items():
        np.testing.assert_array_equal(read[name], value)
    faults = {
        "cut": content[: len(content) // 2],
        "text": b"no graph at all",
        "none": b"",
        "zip": b"PK\x03\x04" * 9,
    }
    for fault in faults.values():
        path.write_bytes(fault)
        with pytest.raises(EncoderError, match=r"g.pb: is no frozen graph of DeepSpeech 0\.1"):
            frozen_logits(path, SPEECH)
    save(path, new_graph, weights_of(letters=34))
    with pytest.raises(EncoderError, match="is no frozen graph"):
        frozen_logits(path, SPEECH)
