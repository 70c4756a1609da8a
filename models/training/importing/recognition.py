"""Recognise published checkpoints by the names of their tensors, and give them to networks of the toolbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from core.errors import InputError
from models.toolbox.motion_card import Option
from models.toolbox.published.editable import chain
from models.toolbox.published.faceformer import LONGEST
from models.toolbox.published.wav2vec2 import encoder_config
from models.training.importing.torch_files import Tensors

READER = "lipreader"
"""What the guided FaceFormer calls the lip-reader, which training alone needs."""
LISTENER = "audio_encoder."
MASK = LISTENER + "masked_spec_embed"
"""Stands for parts of the sound that are hidden in training."""
RENAMED = {
    "conv.weight_g": "conv.parametrizations.weight.original0",
    "conv.weight_v": "conv.parametrizations.weight.original1",
}
"""Size and direction of a weight, as torch called them before 2.0 and since."""
DENOISER = "nn_model."
VOCASET_FPS = 60


@dataclass(frozen=True, eq=False)
class Published:
    """A checkpoint that was recognised.

    Attributes
    ----------
    network, ear, options
        As a card has them (`models.toolbox.motion_card.MotionCard`).
    outputs : int
        Coordinates that it predicts.
    styles : int
        Speakers it tells apart.
    fps : float
        Of its motion.
    tensors : dict of str to tensor
        By the names of the network.
    """

    network: str
    ear: str
    options: Mapping[str, Option]
    outputs: int
    styles: int
    fps: float
    tensors: Tensors


@dataclass(frozen=True)
class Kind:
    """A system whose checkpoints are known: a tensor that no other has, and what to make of all."""

    mark: str
    read: Callable[[Tensors], Published]
    components: bool


def recognised(path: Path, tensors: Tensors, kind: str = "") -> tuple[str, Published]:
    """Tell which system tensors are of, by their names.

    Parameters
    ----------
    path : Path
        Their file, to be named in errors.
    kind : str
        Of `KINDS`, where the user says so.

    Returns
    -------
    str
        The kind.
    Published

    Raises
    ------
    InputError
        They are of none of these systems, or of another one than said.
    """
    known = {name: _front(tensors, each.mark) for name, each in KINDS.items()}
    found = [name for name, front in known.items() if front is not None and kind in ("", name)]
    if not found:
        raise InputError(path, f"its tensors are of no {kind or ', '.join(KINDS)}")
    chosen, front = found[0], known[found[0]]
    try:
        return chosen, KINDS[chosen].read(_unwrapped(path, tensors, front or ""))
    except KeyError as error:
        raise InputError(path, f"lacks the tensor {error.args[0]}") from error
    except (ValueError, IndexError, ZeroDivisionError) as error:
        raise InputError(path, f"its tensors are of no {chosen}: a shape is of other dimensions") from error


def fill(path: Path, net: nn.Module, tensors: Tensors) -> None:
    """Give a network its tensors; it may be one without memory of its own (torch's ``meta``).

    Raises
    ------
    InputError
        One is missing, too much, of another shape, or holds what is no number.
    """
    wanted = net.state_dict()
    _refuse(path, "lacks", [name for name in wanted if name not in tensors])
    _refuse(path, "holds the unknown", [name for name in tensors if name not in wanted])
    for name, value in tensors.items():
        if value.shape != wanted[name].shape:
            shapes = f"{tuple(value.shape)} instead of {tuple(wanted[name].shape)}"
            raise InputError(path, f"its tensor {name} has shape {shapes}")
        if not torch.isfinite(value).all():
            raise InputError(path, f"its tensor {name} holds what is no number (NaN or infinity)")
    net.load_state_dict(tensors, assign=True)


def _refuse(path: Path, what: str, names: list[str]) -> None:
    if names:
        others = f" and {len(names) - 1} more" if len(names) > 1 else ""
        raise InputError(path, f"{what} tensor {names[0]}{others}")


def _front(tensors: Tensors, mark: str) -> str | None:
    """Find what programs put before all names (``module.``) at the one tensor that tells a system."""
    for name in tensors:
        if f".{name}".endswith(f".{mark}"):
            return name.removesuffix(mark).removesuffix(DENOISER)
    return None


def _unwrapped(path: Path, tensors: Tensors, front: str) -> Tensors:
    own = {name: value for name, value in tensors.items() if READER not in name.split(".")}
    _refuse(path, "holds the unknown", [name for name in own if not name.startswith(front)])
    return {name.removeprefix(front): value for name, value in own.items()}


def _faceformer(tensors: Tensors) -> Published:
    names = {name: _renamed(name) for name in tensors if name != MASK}
    tensors = {new: tensors[old] for old, new in names.items()}
    shapes = {name: tuple(value.shape) for name, value in tensors.items()}
    heard = {
        name.removeprefix(LISTENER): shape for name, shape in shapes.items() if name.startswith(LISTENER)
    }
    (width, styles), (outputs, _) = shapes["obj_vector.weight"], shapes["vertice_map_r.weight"]
    period = _period(tensors["PPE.pe"])
    sizes: dict[str, Option] = {"styles": styles, "width": width, "period": period}
    options = {**sizes, "wav2vec2": encoder_config(heard)}
    return Published("published-faceformer", "sound", options, outputs, styles, float(period), tensors)


def _renamed(name: str) -> str:
    for old, new in RENAMED.items():
        if name.endswith(f"pos_conv_embed.{old}"):
            return name.removesuffix(old) + new
    return name


def _period(stored: torch.Tensor) -> int:
    """Frames after which stored positions (1, n, width) repeat; those of the papers where none is seen."""
    course = stored[0]
    alike = (course[1:] == course[0]).all(1).nonzero()
    candidates = [*(alike[:1, 0] + 1).tolist(), 30, 25]
    for period in candidates:
        if (LONGEST // period + 1) * period == len(course):
            return int(period)
    raise ValueError("positions of no period")


def _transformer(tensors: Tensors) -> Published:
    width, _ = tensors["input_proj.weight"].shape
    options = _stack(tensors, "", width)
    outputs = len(tensors["output_proj.weight"])
    return Published("published-editable", "deepspeech", options, outputs, 0, VOCASET_FPS, tensors)


def _diffusion(tensors: Tensors) -> Published:
    # Training saved the whole chain or the denoiser alone; the course of the noise is the same always.
    if not any(name.startswith(DENOISER) for name in tensors):
        tensors = {DENOISER + name: value for name, value in tensors.items()}
    width, outputs = tensors[DENOISER + "pose_input_proj.weight"].shape
    steps = len(tensors["alphabar_t"]) - 1 if "alphabar_t" in tensors else 1000
    options = {**_stack(tensors, DENOISER, width), "steps": steps}
    tensors = {**chain(steps), **tensors}
    return Published("published-editable-ddpm", "deepspeech", options, outputs, 0, VOCASET_FPS, tensors)


def _stack(tensors: Tensors, front: str, width: int) -> dict[str, int]:
    inner = f"{front}transformer.layers."
    layers = {name.removeprefix(inner).split(".")[0] for name in tensors if name.startswith(inner)}
    return {"width": width, "layers": len(layers), "longest": tensors[f"{front}pos_embed"].shape[1]}


KINDS: Mapping[str, Kind] = {
    "faceformer": Kind("vertice_map_r.weight", _faceformer, components=False),
    "editable-ddpm": Kind("pose_input_proj.weight", _diffusion, components=True),
    "editable-transformer": Kind("input_proj.weight", _transformer, components=True),
}
"""By the names that ``main.py import --kind`` takes."""
