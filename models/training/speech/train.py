"""Train the speech model that ships: ``python -m models.training.speech.train [k=v ...]``."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from models.checkpoint import ModelCard, load_checkpoint, save_checkpoint
from models.frontend import SAMPLE_RATE, FrontendConfig, log_mel, spectrum_prior
from models.speech2face import Speech2Face, Speech2FaceConfig
from models.training.command_line import run
from models.training.corpus.recordings import SPEAKERS, recorded
from models.training.corpus.speaking import require_voices, synthesize
from models.training.corpus.stored import Corpus, gather
from models.training.speech.clips import FPS, ClipMaker
from models.training.speech.trainer import Trainer, TrainingConfig, train

TRAINING_DATA = (
    "Sentences of a grammar in this repository and lists of words of festlex-cmu, spoken by flite, Festival "
    "and espeak-ng voices, phone times the synthesisers' own; and telephone prompts, CC BY 3.0, spoken by "
    f"{' and '.join(SPEAKERS.values())}, phones as an earlier network heard them. No recording of a face."
)
REPORT: Callable[[str], None] = functools.partial(print, flush=True)


def default(
    *,
    out: Path = Path("out/default.safetensors"),
    corpus: Path = Path("out/corpus.npz"),
    steps: int = 5900,
    more_steps: int = 10000,
    width: int = 256,
    batch: int = 12,
    rate: float = 2e-3,
    second_rate: float = 1e-3,
    seed: int = 1,
    half_precision: bool = True,
    sentences: float = 1.0,
) -> Path:
    """Train the default model; makes the corpus where there is none, resumes where a run was stopped.

    A first network learns from synthetic voices. It listens to the recordings, and a second one that starts
    from it learns from both.

    Parameters
    ----------
    out : Path
        The checkpoint; the state of the run is kept beside it.
    corpus : Path
        Where the corpus is, or goes.
    sentences : float
        Size of a new corpus, as a multiple of the default's.
    """
    require_voices()
    spoken = Corpus.load(corpus) if corpus.exists() else synthesize(corpus, sentences)
    print(f"corpus: {len(spoken)} utterances, {spoken.minutes:.0f} min", flush=True)
    frontend = FrontendConfig()
    torch.manual_seed(seed)
    net = Speech2Face(Speech2FaceConfig(width=width))
    prior = _prior(spoken, frontend)
    config = TrainingConfig(steps=steps, batch=batch, rate=rate, seed=seed, half_precision=half_precision)
    card = ModelCard(
        *("default", "arkit", FPS, SAMPLE_RATE, "Apache-2.0", TRAINING_DATA),
        network=net.config,
        frontend=frontend,
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(net, ClipMaker(spoken), prior, config, frontend)
    train(trainer, out.with_suffix(".first.training"), REPORT)
    save_checkpoint(out.with_suffix(".first.safetensors"), card, trainer.average, prior)
    first = load_checkpoint(out.with_suffix(".first.safetensors"))
    clips = ClipMaker(spoken.and_then(gather(recorded(first))))
    config = replace(config, steps=more_steps, rate=second_rate, seed=seed + 1)
    trainer = Trainer(first.net, clips, prior, config, frontend)
    train(trainer, out.with_suffix(".training"), REPORT)
    save_checkpoint(out, card, trainer.average, prior)
    return out


def _prior(corpus: Corpus, frontend: FrontendConfig) -> torch.Tensor:
    chosen = np.linspace(0, len(corpus) - 1, 200).astype(int)
    sound = np.concatenate([corpus.samples_of(int(number)) for number in chosen])
    features = log_mel(torch.from_numpy(sound)[None], frontend)[0]
    loud = features[features.mean(1) > features.mean(1).quantile(0.5)]
    return torch.from_numpy(spectrum_prior(loud.numpy()))


if __name__ == "__main__":
    sys.exit(run(default, sys.argv[1:]))
