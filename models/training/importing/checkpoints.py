"""``main.py import CHECKPOINT -o OUT --template MESH``: others' checkpoints become motion models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from core.audio import load_audio
from core.command_line import OneLineParser
from core.errors import InputError
from core.inference.remembered import remember_model
from core.meshes.load import load_mesh
from core.paths import DEMO_CLIP
from models.checkpoint import CheckpointError
from models.frontend import SAMPLE_RATE
from models.toolbox.encoder_folders import GRAPH, EncoderError
from models.toolbox.listening import EARS, Frames, fixed, listen, size_of
from models.toolbox.motion_card import MotionCard
from models.toolbox.motion_file import save_motion_model
from models.toolbox.motion_model import MotionModel
from models.toolbox.motion_net import MotionNet
from models.toolbox.motion_space import RestFace
from models.training.datasets.biwi import SEEN
from models.training.datasets.vocaset import TRAIN
from models.training.importing.components import CONVERTED, Standards, read_standards
from models.training.importing.recognition import KINDS, Published, fill, recognised
from models.training.importing.torch_files import read_tensors
from models.training.lab.resting import PUBLISHED

SAID = "as its authors say"
SUFFIX = ".safetensors"
FPS_LIMITS = (1.0, 1000.0)
SPACES = {vertices: space for space, vertices in PUBLISHED.items()}
"""Motion spaces by the number of vertices."""
KNOWN_SPEAKERS = {len(TRAIN): TRAIN, len(SEEN): SEEN}
"""Whom published checkpoints learnt from, in the order of their style vectors."""


STILL = 0.05
"""Spread of a letter that is hardly ever heard: what is divided by then is 1."""


def run(words: Sequence[str]) -> int:
    """Import a checkpoint; returns the exit code."""
    options = _parser().parse_args(list(words))
    model = imported(**vars(options))
    remember_model(options.out)
    print(
        f"{options.out}: {model.parameters:,} weights, {model.card.fps:g} frames a second, "
        f"{model.card.motion_space}; licence: {model.card.licence}"
    )
    return 0


def imported(
    checkpoint: Path,
    out: Path,
    template: Path,
    *,
    kind: str = "",
    speakers: Sequence[str] = (),
    pca: Path | None = None,
    ear: str = "",
    fps: float | None = None,
) -> MotionModel:
    """Make a motion model of a published checkpoint.

    Parameters
    ----------
    checkpoint : Path
        Saved by torch.
    out : Path
        The model's file.
    template : Path
        A mesh file: the face at rest, in the topology that the checkpoint moves.
    kind : str
        Of `models.training.importing.recognition.KINDS`; found by the tensors' names where not given.
    speakers : sequence of str
        Names of those it learnt from, in their order; published ones where not given.
    pca : Path, optional
        The components, for those kinds that predict them (`models.training.importing.components`).
    ear : str
        ``deepspeech:GRAPH``, for those kinds; else the default speech model's letters stand for DeepSpeech's.
    fps : float, optional
        Rate of the motion, where it was trained at another one than published.

    Raises
    ------
    InputError
        A file is at fault, or they do not go together; nothing is written.
    """
    if out.suffix != SUFFIX:
        raise InputError(out, f"a model's name ends with {SUFFIX}")
    if fps is not None and not FPS_LIMITS[0] <= fps <= FPS_LIMITS[1]:
        raise InputError("--fps", f"{fps:g} is not from {FPS_LIMITS[0]:g} to {FPS_LIMITS[1]:g}")
    chosen, published = recognised(checkpoint, read_tensors(checkpoint), kind)
    published = replace(published, ear=_ear(chosen, ear) or published.ear, fps=fps or published.fps)
    standards = _standards(chosen, published, pca)
    mesh = load_mesh(template)
    size = len(standards.components.centre) if standards else published.outputs
    if size != mesh.vertices.size:
        raise InputError(template, f"has {len(mesh.vertices)} vertices; {checkpoint} moves {size / 3:g}")
    card = MotionCard(
        *(out.stem, published.network, published.options),
        *(SPACES.get(len(mesh.vertices), "vertices:own"), (), published.fps),
        *(SAID, SAID, published.ear),
        speakers=_speakers(speakers, published.styles),
    )
    net = _filled(checkpoint, card, published, standards)
    still = (np.zeros(published.outputs, np.float32), np.ones(published.outputs, np.float32))
    mean, scale = (standards.mean, standards.scale) if standards else still
    rest = RestFace(mesh.vertices, mesh.face_sizes, mesh.face_vertices)
    model = MotionModel(card, net, mean, scale, standards.components if standards else None, rest)
    try:
        save_motion_model(out, model)
    except OSError as error:
        raise InputError(out, f"cannot be written: {error.strerror or error}") from error
    return model


def _ear(kind: str, ear: str) -> str:
    if ear and not KINDS[kind].components:
        raise InputError("--ear", f"is of no use: {kind} brings its own encoder")
    if ear and not ear.startswith(f"{GRAPH}:"):
        raise InputError("--ear", f"{ear!r} is not {GRAPH}:FILE")
    try:
        return fixed(ear) if ear else ""
    except EncoderError as error:
        raise InputError("--ear", str(error)) from error


def _standards(kind: str, published: Published, pca: Path | None) -> Standards | None:
    if not KINDS[kind].components:
        if pca is not None:
            raise InputError("--pca", f"is of no use: {kind} predicts vertices")
        return None
    if pca is None:
        raise InputError("--pca", f"is missing, as {kind} predicts components; {CONVERTED}")
    standards = read_standards(pca, size_of(published.ear, published.fps), published.outputs)
    if published.ear in EARS:
        # What was measured on DeepSpeech's letters is not so for others.
        mean, spread = _measured(published.ear, published.fps)
        standards = replace(standards, audio_mean=mean, audio_std=spread)
    return standards


def _measured(ear: str, fps: float) -> tuple[Frames, Frames]:
    """Mean and spread of what an ear hears in the program's own recording."""
    features = listen(load_audio(DEMO_CLIP).mono(SAMPLE_RATE), fps, ear)
    spread = features.std(axis=0)
    return features.mean(axis=0), np.where(spread < STILL, 1, spread).astype(np.float32)


def _speakers(names: Sequence[str], count: int) -> tuple[str, ...]:
    if names and len(names) != count:
        raise InputError("--speakers", f"names {len(names)}; the checkpoint tells {count} apart")
    numbered = tuple(str(number) for number in range(1, count + 1))
    return tuple(names) or KNOWN_SPEAKERS.get(count, numbered)


def _filled(path: Path, card: MotionCard, published: Published, standards: Standards | None) -> MotionNet:
    tensors = dict(published.tensors)
    if standards:
        tensors |= {name: torch.from_numpy(getattr(standards, name)) for name in ("audio_mean", "audio_std")}
    try:
        # Without memory, until the shapes are known to be those of the file.
        with torch.device("meta"):
            net = card.built(published.outputs)
    except CheckpointError as error:
        raise InputError(path, str(error)) from error
    except (ValueError, AssertionError, RuntimeError) as error:
        raise InputError(path, "the shapes of its tensors do not go together") from error
    fill(path, net, tensors)
    return net.eval()


def _parser() -> OneLineParser:
    parser = OneLineParser("main.py import", description="Import a published checkpoint.")
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT", help="saved by torch: name.pth")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="NAME.safetensors")
    parser.add_argument(
        "--template",
        type=Path,
        required=True,
        metavar="MESH",
        help="the face at rest, in the topology and the unit of the checkpoint's data",
    )
    parser.add_argument("--kind", choices=sorted(KINDS), default="", help="found by itself where not given")
    parser.add_argument("--speakers", nargs="+", default=(), metavar="NAME", help="it learnt from, in order")
    parser.add_argument("--pca", type=Path, metavar="FILE", help="components of editable lipsync: .npz")
    parser.add_argument("--ear", default="", metavar="deepspeech:GRAPH", help="editable lipsync hears it")
    parser.add_argument("--fps", type=float, help="where it was trained at another rate than published")
    return parser
