"""DeepSpeech's layout: our letters, its windows, its cepstra, and a graph in its interface."""

import importlib
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from core.audio import load_audio
from core.paths import DEMO_CLIP
from models.phones import INDEX, PHONES
from models.toolbox.deepspeech import LETTERS, SHAPE, SIZE, SPELT, letters_of, windows
from models.toolbox.deepspeech_graph import cepstra, graph_logits, with_context
from models.toolbox.encoder_folders import DATASET, VARIABLE, EncoderError, digest_of
from models.toolbox.listening import fixed, identity, listen, size_of

SPEECH = load_audio(DEMO_CLIP).mono(16_000)


def test_letters_are_in_the_order_of_deepspeech() -> None:
    assert len(LETTERS) == 29
    assert [LETTERS.index(letter) for letter in (" ", "a", "z", "'")] == [0, 1, 26, 27]
    assert set(SPELT) == set(PHONES)
    assert all(set(letters) <= set(LETTERS) for letters in SPELT.values())
    for one, other in pairwise(sorted(set(SPELT.values()))):
        assert one != other


def test_a_phone_is_heard_as_what_it_is_written_with() -> None:
    phones = np.zeros((3, len(PHONES)), np.float32)
    for row, phone in enumerate(("M", "SH", "AA")):
        phones[row, INDEX[phone]] = 1
    letters = letters_of(phones)
    assert letters.shape == (3, 29)
    for row, spelt in zip(letters, ("m", "sh", "ao"), strict=True):
        assert {LETTERS[place] for place in np.flatnonzero(row)} == set(spelt)
        shares = (np.exp(row) - 1) * 0.01
        assert shares.sum() == pytest.approx(1, abs=1e-5)


def test_windows_are_cut_as_published() -> None:
    letters = np.random.default_rng(0).normal(size=(40, 29)).astype(np.float32)
    cut = windows(letters)
    assert cut.shape == (40, *SHAPE)
    for frame in (0, 3, 20, 39):
        for place in range(16):
            source = frame + place - 8
            wanted = letters[source] if 0 <= source < 40 else np.zeros(29)
            np.testing.assert_array_equal(cut[frame, place], wanted)


@pytest.mark.parametrize("fps", [30, 60])
def test_the_ear_hears_letters_where_they_are_spoken(fps: float) -> None:
    features = listen(SPEECH, fps, "deepspeech")
    assert features.shape == (int(len(SPEECH) * fps / 16_000) + 1, SIZE)
    assert size_of("deepspeech", fps) == SIZE
    now = features.reshape(-1, *SHAPE)[:, 8]
    assert now[2 : int(0.13 * fps)].argmax(1).max() == 0  # the clip begins with a pause
    m = listen(SPEECH, fps, "phones")[:, INDEX["M"]]
    assert np.corrcoef(now[:, LETTERS.index("m")], m)[0, 1] > 0.9


def test_each_frame_stands_between_its_neighbours() -> None:
    frames = np.arange(1, 41, dtype=np.float32)[:, None] * np.ones(26, np.float32)
    around = with_context(frames)
    assert around.shape == (40, 19, 26)
    assert around[0, :, 0].tolist() == [0] * 9 + list(range(1, 11))
    assert around[20, :, 0].tolist() == list(range(12, 31))
    assert around[39, :, 0].tolist() == list(range(31, 41)) + [0] * 9


class TestGraph:
    """With an interpreter of TFLite."""

    @pytest.fixture(autouse=True)
    def runtime(self) -> None:
        pytest.importorskip("ai_edge_litert", reason="no interpreter of TFLite is installed")

    def test_cepstra_are_those_of_tensorflow(self, tmp_path: Path) -> None:
        from tests.models.toolbox.tiny_graphs import spectral_graph

        count = 512 + 320 * 200
        reader = importlib.import_module("ai_edge_litert.interpreter").Interpreter(
            str(spectral_graph(tmp_path / "s.tflite", count))
        )
        reader.allocate_tensors()
        reader.set_tensor(reader.get_input_details()[0]["index"], SPEECH[:count, None])
        reader.invoke()
        wanted = reader.get_tensor(reader.get_output_details()[0]["index"])[0]
        np.testing.assert_allclose(cepstra(SPEECH[:count]), wanted, atol=1e-3)

    @pytest.mark.parametrize("probabilities", [True, False])
    def test_a_graph_hears_step_by_step_and_remembers(self, probabilities: bool, tmp_path: Path) -> None:
        from tests.models.toolbox.tiny_graphs import tiny_deepspeech

        path = tmp_path / "deepspeech.tflite"
        weights = tiny_deepspeech(path, probabilities=probabilities)
        frames = with_context(cepstra(SPEECH))
        wanted, state = [], np.zeros(4)
        steps = np.pad(frames, ((0, -len(frames) % 16), (0, 0), (0, 0))).reshape(-1, 16, 494)
        carried = np.zeros(4)
        for step in steps:
            wanted.append(step @ weights["frame"].T + weights["state"] @ state)
            new = weights["next"] @ step.ravel()
            carried, state = new, new + carried
        logits = np.concatenate(wanted)[: len(frames)]
        found = graph_logits(path, SPEECH)
        if probabilities:
            logits = logits - np.log(np.exp(logits).sum(1, keepdims=True))
            likely = logits > -8
            np.testing.assert_allclose(found[likely], logits[likely], atol=0.02)
        else:
            np.testing.assert_allclose(found, logits, atol=1e-3)

    def test_a_graph_is_an_ear(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from tests.models.toolbox.tiny_graphs import tiny_deepspeech

        path = tmp_path / "here" / "output_graph.tflite"
        path.parent.mkdir()
        tiny_deepspeech(path, probabilities=False)
        ear = fixed(f"deepspeech:{path}")
        assert ear == f"deepspeech:{path}#{digest_of(path)}"
        features = listen(SPEECH, 60, ear)
        assert features.shape == (int(len(SPEECH) * 60 / 16_000) + 1, size_of(ear, 60))
        logits = graph_logits(path, SPEECH)
        middle = features.reshape(-1, *SHAPE)[:, 8]
        np.testing.assert_allclose(middle[60], between(logits, (1 - 0.016) * 50), atol=1e-4)
        heard = identity(ear)
        path.parent.rename(tmp_path / "there")
        with pytest.raises(EncoderError, match="deepspeech encoder output_graph"):
            listen(SPEECH, 60, ear)
        with pytest.raises(EncoderError, match=f"hears DeepSpeech: set {VARIABLE}"):
            listen(SPEECH, 60, DATASET)
        monkeypatch.setenv(VARIABLE, str(tmp_path / "there"))
        assert identity(ear) == heard
        np.testing.assert_array_equal(listen(SPEECH, 60, ear), features)
        np.testing.assert_array_equal(listen(SPEECH, 60, DATASET), features)

    def test_another_graph_is_refused_in_one_sentence(self, tmp_path: Path) -> None:
        from tests.models.toolbox.tiny_graphs import spectral_graph, tiny_deepspeech

        path = tmp_path / "g.tflite"
        path.write_bytes(b"nothing of the kind")
        with pytest.raises(EncoderError, match=f"{path}: no TFLite graph"):
            graph_logits(path, SPEECH)
        spectral_graph(path, 5_120)
        with pytest.raises(EncoderError, match=f"{path}: is no graph of DeepSpeech: has no input_node"):
            graph_logits(path, SPEECH)
        tiny_deepspeech(path, letters=34)
        with pytest.raises(EncoderError, match="gives 34 letters"):
            graph_logits(path, SPEECH)


def test_wrong_graphs_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EncoderError, match=r"none.tflite: no graph: a file \*.tflite or \*.pb is wanted"):
        fixed(f"deepspeech:{tmp_path / 'none.tflite'}")
    (tmp_path / "g.tflite").write_bytes(b"a graph")
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    with pytest.raises(EncoderError, match=r"requirements\.py deepspeech"):
        graph_logits(tmp_path / "g.tflite", SPEECH)


def between(rows: np.ndarray, place: float) -> np.ndarray:
    before = int(place)
    return rows[before] + (place - before) * (rows[before + 1] - rows[before])
