"""The model that ships stands in the same table as networks that were trained."""

from pathlib import Path

import numpy as np
import pytest

from core.audio import load_audio
from core.channels import CHANNELS as SPOKEN
from core.inference.engine import infer
from core.inference.request import InferenceRequest
from core.paths import DEMO_CLIP
from main import main
from models.training.datasets.arkit import CHANNELS
from models.training.reports.shipped import shipped
from models.training.synthetic import synthesis

pytest.importorskip("espeakng_loader")


def test_it_speaks_as_the_engine_does_in_the_order_of_datasets() -> None:
    clip, model = load_audio(DEMO_CLIP), shipped("default")
    motion = model.speak(clip.mono(model.card.sample_rate))
    weights = infer(InferenceRequest(clip)).weights
    assert motion.shape == (len(weights), 52)
    for name in ("jawOpen", "mouthPucker", "jawLeft"):
        spoken = weights[:, SPOKEN.index(name)]
        np.testing.assert_allclose(motion[:, CHANNELS.index(name)], spoken, atol=1e-4)
    assert 1e6 < model.parameters < 5e6


@pytest.mark.parametrize("layout", ["livelink", "faceformer"])
def test_it_is_judged_on_any_data(layout: str, tmp_path: Path, capsys) -> None:
    assert synthesis.run([str(tmp_path / "c"), "--lines", "16", "--layout", layout]) == 0
    capsys.readouterr()
    assert main(["evaluate", "default", "--data", str(tmp_path / "c")]) == 0
    rows = capsys.readouterr().out.splitlines()
    recall = next(row for row in rows if row.startswith("closure recall")).split()
    assert float(recall[2]) > 0.5  # it closes where the rule closes
    (tmp_path / "wrong.safetensors").write_bytes(b"not a model")
    assert main(["evaluate", str(tmp_path / "wrong.safetensors"), "--data", str(tmp_path / "c")]) == 2
    said = capsys.readouterr().err
    assert "wrong.safetensors: " in said
    assert len(said.splitlines()) == 1
