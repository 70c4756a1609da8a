"""Train the residual network on performances made by rule.

``python -m models.training.residual.train [k=v ...]``
"""

from __future__ import annotations

import copy
import functools
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from models.checkpoint import load_checkpoint
from models.residual import ResidualConfig, ResidualNet, load_residual, save_residual
from models.training.command_line import run
from models.training.corpus.speaking import require_voices, synthesize
from models.training.corpus.stored import Corpus
from models.training.residual.captures import read_pairs
from models.training.residual.pairing import Pair
from models.training.residual.performances import CHANNELS, Lines
from models.training.residual.spoken_lines import QUIET_DB, Batch, Stretches, heard
from models.training.schedule import share_of_peak

REPORT: Callable[[str], None] = functools.partial(print, flush=True)
TRAINING_DATA = (
    "Performances made by the rules of models.training.residual.performances over synthetic voices."
)
HELD_OUT = 0.1
"""Share of lines that are only measured on."""
MOTION = 4.0
"""Weight of the error of the frame-to-frame change against that of the value."""
MEMORY = 0.99
"""How much of the running mean of the weights, which is what ships, stays at each step."""
CAPTURED = 0.5
"""Share of a batch that comes from captures, where there are any."""


def residual(
    *,
    out: Path = Path("out/residual.safetensors"),
    speech: Path = Path("assets/speech/default.safetensors"),
    corpus: Path = Path("out/corpus.npz"),
    captures: Path = Path(),
    start: Path = Path(),
    utterances: int = 1200,
    steps: int = 3000,
    batch: int = 12,
    frames: int = 360,
    width: int = 80,
    rate: float = 3e-3,
    seed: int = 1,
) -> Path:
    """Train the residual network; makes the corpus of voices where there is none.

    Parameters
    ----------
    out : Path
        The network.
    speech : Path
        Speech model that makes the neutral lipsync of the lines.
    captures : Path
        Folder of captured pairs (`models.training.residual.captures`) to learn from as well.
    start : Path
        Network to start from, as when captures come later.
    """
    if not corpus.exists():
        require_voices()
    spoken = Corpus.load(corpus) if corpus.exists() else synthesize(corpus)
    model, draw = load_checkpoint(speech), np.random.default_rng(seed)
    chosen = draw.permutation(len(spoken))[:utterances]
    held = max(1, int(HELD_OUT * len(chosen)))
    known, unknown = (
        Stretches(heard(model, spoken, part, draw), frames) for part in (chosen[held:], chosen[:held])
    )
    pairs = read_pairs(captures, CHANNELS) if captures != Path() else ()
    torch.manual_seed(seed)
    net = ResidualNet(ResidualConfig(CHANNELS, width, training_data=TRAINING_DATA))
    if start != Path():
        net = load_residual(start)
    average = fitted(net, lambda: mixed(known.batch(batch, draw), pairs, draw), steps, rate)
    REPORT(score(average, unknown.batch(32, np.random.default_rng(seed + 1))))
    out.parent.mkdir(parents=True, exist_ok=True)
    save_residual(out, average)
    return out


def mixed(made: Batch, pairs: tuple[Pair, ...], draw: np.random.Generator) -> Batch:
    """Put captured clips in the place of some made ones."""
    if not pairs:
        return made
    weights, loud, stress = (x.copy() for x in (made.lines.weights, made.lines.loudness, made.lines.stress))
    poses, target = made.poses.copy(), made.target.copy()
    frames = weights.shape[1]
    for row in range(int(CAPTURED * len(poses))):
        pair = pairs[draw.integers(len(pairs))].cut(frames, draw)
        weights[row], target[row], poses[row] = pair.neutral, pair.residual, pair.pose
        loud[row], stress[row] = np.where(pair.speaks, 0.0, QUIET_DB), 0.0
    return replace(made, lines=Lines(weights, loud, stress), poses=poses, target=target)


def fitted(net: ResidualNet, clips: Callable[[], Batch], steps: int, rate: float) -> ResidualNet:
    """Train a network; returns the running mean of its weights."""
    average = copy.deepcopy(net).eval()
    optimizer = torch.optim.AdamW(net.parameters(), rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: share_of_peak(step, steps, warmup=100)
    )
    begun = time.monotonic()
    for step in range(1, steps + 1):
        made = clips()
        error = net(*made.given()) - torch.from_numpy(made.target)
        loss = error.square().mean() + MOTION * error.diff(dim=1).square().mean()
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(net.parameters(), 0.1)
        optimizer.step()
        schedule.step()
        for mean, latest in zip(average.parameters(), net.parameters(), strict=True):
            mean.data.lerp_(latest.data, 1 - MEMORY)
        if step % 100 == 0:
            REPORT(f"step {step}  loss {loss.item():.6f}  {time.monotonic() - begun:.0f} s")
    return average


@torch.inference_mode()
def score(net: ResidualNet, unknown: Batch) -> str:
    """Say how far network and constant pose are from performances of lines and poses never seen."""
    learned = net(*unknown.given()).numpy() - unknown.target
    constant = unknown.poses[:, None] - unknown.target
    posed = unknown.poses > 0
    figures = [np.sqrt(np.mean(np.square(each).mean(1)[posed])) for each in (learned, constant)]
    return f"held out, channels of the pose: rms error {figures[0]:.4f} learned, {figures[1]:.4f} constant"


if __name__ == "__main__":
    sys.exit(run(residual, sys.argv[1:]))
