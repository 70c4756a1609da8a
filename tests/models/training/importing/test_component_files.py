"""Components of published checkpoints: what they undo, and files that are refused."""

import pickle
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import InputError
from models.training.importing.components import NAMES, read_standards

INPUTS, KEPT, FIRST, SIZE = 8, 6, 4, 15


def arrays(seed: int = 0) -> dict[str, Any]:
    draw = np.random.default_rng(seed)
    shapes = {
        **{"audio_mean": (INPUTS,), "audio_std": (INPUTS,), "pca_mean": (KEPT,), "pca_std": (KEPT,)},
        **{"pca_components": (KEPT, SIZE), "pca_internal_mean": (SIZE,)},
        **{"offset_mean": (SIZE,), "offset_std": (SIZE,)},
    }
    return {name: draw.uniform(0.5, 2, shape) for name, shape in shapes.items()}


@pytest.mark.parametrize("suffix", [".npz", ".pkl"])
def test_coefficients_become_displacements_step_by_step(tmp_path: Path, suffix: str) -> None:
    path, stored = tmp_path / f"pca{suffix}", arrays()
    if suffix == ".npz":
        np.savez(path, **stored)
    else:
        path.write_bytes(pickle.dumps(stored))
    found = read_standards(path, INPUTS, FIRST)
    predicted = np.random.default_rng(1).normal(size=(3, FIRST)).astype(np.float32)
    # Standardised coefficients, coefficients, standardised displacements, displacements.
    scores = predicted * stored["pca_std"][:FIRST] + stored["pca_mean"][:FIRST]
    flat = scores @ stored["pca_components"][:FIRST] + stored["pca_internal_mean"]
    expected = flat * stored["offset_std"] + stored["offset_mean"]
    np.testing.assert_allclose(
        found.components.decode(predicted * found.scale + found.mean), expected, rtol=1e-4
    )
    np.testing.assert_allclose(found.audio_std, stored["audio_std"], rtol=1e-6)


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_standards(path, INPUTS, FIRST)
    assert caught.value.source == str(path)
    return caught.value.reason


@pytest.mark.parametrize("name", NAMES)
def test_an_array_that_is_missing_or_of_another_shape_is_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / "pca.npz"
    np.savez(path, **{each: value for each, value in arrays().items() if each != name})
    assert refusal(path) == f"lacks {name}"
    np.savez(path, **{**arrays(), name: np.ones(3)})
    assert name in refusal(path)


def test_numbers_that_are_none_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "pca.npz"
    np.savez(path, **{**arrays(), "offset_std": np.full(SIZE, np.nan)})
    assert "NaN" in refusal(path)


@pytest.mark.parametrize("module", ["sklearn.decomposition._incremental_pca", "joblib.numpy_pickle"])
def test_objects_of_others_are_refused_with_the_way_to_convert_them(tmp_path: Path, module: str) -> None:
    path = tmp_path / "pca.pkl"
    path.write_bytes(b"\x80\x02c" + module.encode() + b"\nIncrementalPCA\n)\x81}b.")
    reason = refusal(path)
    assert f"asks for {module}.IncrementalPCA, which is refused" in reason
    snippet = textwrap.dedent(reason.partition("\n")[2])
    assert compile(snippet, "snippet", "exec")
    assert all(f"{name}=" in snippet for name in NAMES)


@pytest.mark.parametrize("content", [b"", b"\x80", b"PK\x03\x04 no archive", pickle.dumps([1])])
@pytest.mark.parametrize("suffix", [".npz", ".pkl"])
def test_damaged_files_are_refused(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"pca{suffix}"
    path.write_bytes(content)
    refusal(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "pca.npz")
