"""A network from elsewhere: its labels read, its hearing turned into suggestions, wrong folders refused."""

import importlib
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.audio import AudioClip, load_audio
from core.errors import InputError
from core.paths import DEMO_CLIP
from emotion.expert import emotions_of, load_expert
from emotion.suggesting import suggest_with
from emotion.voice import voice_of

LABELS = {0: "neutral", 1: "ang", 2: "happiness", 3: "sad", 4: "angry too"}


@pytest.fixture(scope="module")
def transformers() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, about other libraries
        return pytest.importorskip("transformers", reason="transformers is not installed")


@pytest.fixture(scope="module")
def save(transformers: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Save a very small wav2vec2 that always leans to some labels."""

    def saved(labels: dict[int, str], lean: list[float]) -> Path:
        torch = importlib.import_module("torch")
        config = transformers.Wav2Vec2Config(
            hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
            conv_dim=(8, 8), conv_stride=(40, 8), conv_kernel=(40, 8), num_feat_extract_layers=2,
            num_conv_pos_embeddings=4, num_conv_pos_embedding_groups=2, classifier_proj_size=8,
            num_labels=len(labels), id2label=labels, label2id={name: k for k, name in labels.items()},
        )  # fmt: skip
        network = transformers.Wav2Vec2ForSequenceClassification(config)
        network.classifier.weight.data.zero_()
        network.classifier.bias.data = torch.tensor(lean)
        folder = tmp_path_factory.mktemp("expert")
        network.save_pretrained(folder)
        transformers.Wav2Vec2FeatureExtractor().save_pretrained(folder)
        return folder

    return saved


def test_labels_of_many_habits_are_understood() -> None:
    assert emotions_of(LABELS) == {"anger": (1, 4), "joy": (2,), "sadness": (3,)}
    assert emotions_of({0: "A", 1: "B"}) == {}


def test_an_expert_is_heard_at_any_time_and_rate(save: Any) -> None:
    expert = load_expert(save(LABELS, [0.0, 0.0, 1.0, 0.0, 0.0]))
    sound = load_audio(DEMO_CLIP)
    times = np.array([0.0, 0.4, sound.duration, sound.duration + 9])
    heard = expert.probabilities(sound, times)
    share = np.exp(1) + 4
    assert expert.emotions == ("anger", "joy", "sadness")
    assert heard == pytest.approx(np.tile([2 / share, np.exp(1) / share, 1 / share], (4, 1)), abs=1e-5)
    brief = AudioClip(np.zeros((2, 100), np.float32), 44_100)
    assert expert.probabilities(brief, np.zeros(1)).shape == (1, 3)


def test_its_suggestions_come_where_somebody_speaks(save: Any) -> None:
    expert = load_expert(save(LABELS, [0.0, 0.0, 0.0, 3.0, 0.0]))
    speech = load_audio(DEMO_CLIP).mono(16_000)
    audio = AudioClip(np.concatenate([speech, np.zeros(5 * 16_000, np.float32)])[None], 16_000)
    found = suggest_with(expert, audio, voice_of(audio))
    assert set(found) == {"sadness"}
    sadness = found["sadness"]
    assert sadness.curve(len(speech) / 32_000) > 0.5
    assert sadness.curve(len(speech) / 16_000 + 4) == pytest.approx(0, abs=0.03)
    assert sadness.low(1.0) < sadness.curve(1.0) < sadness.high(1.0)


def test_folders_that_hold_no_expert_are_refused(save: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no config\.json"):
        load_expert(tmp_path)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(InputError, match="not a network"):
        load_expert(tmp_path)
    with pytest.raises(InputError, match="knows no emotion: yes, no"):
        load_expert(save({0: "yes", 1: "no"}, [0.0, 0.0]))
    damaged = save(LABELS, [0.0] * 5)
    weights = damaged / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:500])
    with pytest.raises(InputError, match="damaged"):
        load_expert(damaged)


def test_a_network_without_its_head_is_refused(save: Any, transformers: Any) -> None:
    folder = save(LABELS, [0.0] * 5)
    body = transformers.Wav2Vec2Model.from_pretrained(folder)
    config = (folder / "config.json").read_text()
    body.save_pretrained(folder)
    (folder / "config.json").write_text(config)
    with pytest.raises(InputError, match=r"lacks weights: .*classifier\.weight"):
        load_expert(folder)
