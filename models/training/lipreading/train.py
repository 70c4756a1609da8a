"""Train a lip-reader: ``python -m models.training.lipreading.train OUT [lines=240 steps=900 seed=0]``."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from core.command_line import OneLineParser, reported
from models.training.command_line import overrides
from models.training.lipreading.films import Film, films, held_out
from models.training.lipreading.reader import FPS, LipReader, ReaderConfig, Reading, save_reader
from models.training.lipreading.transcripts import best_path, padded
from models.training.lipreading.visemes import error_rate, frame_visemes, spoken_visemes
from models.training.places import check_file
from models.training.schedule import share_of_peak
from models.training.synthetic.lines import SPEAKERS

FEWEST = len(SPEAKERS)
"""Lines with which everybody speaks, those who are held out, too."""


@dataclass(frozen=True)
class ReaderTraining:
    """How a lip-reader is trained.

    Attributes
    ----------
    lines : int
        Films made; those of the held-out speakers are not learnt.
    frames : int
        Of a crop.
    seed : int
        Another one, other lines and other first weights.
    """

    lines: int = 240
    steps: int = 900
    batch: int = 16
    frames: int = 50
    rate: float = 1.5e-3
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (("lines", FEWEST), ("steps", 1), ("batch", 1), ("frames", 8), ("seed", 0)):
            if (value := getattr(self, name)) < least:
                raise ValueError(f"{name}={value} is not {least} or more")
        if not 0 < self.rate < float("inf"):
            raise ValueError(f"rate={self.rate} is not a number above 0")


SENSES = ((True, False), (True, False), (True, True), (False, True))
"""Whether a step sees, and whether it hears: drawn anew for each, so that neither is leant on."""
SHIFT = 2
"""Pixels by which a film is moved at most."""


@dataclass(frozen=True)
class Crops:
    """Pieces of films: (B, F, S, S), (B, F, A), (B, F) and (B, L), filled up with `NOTHING`."""

    video: torch.Tensor
    sound: torch.Tensor
    frames: torch.Tensor
    transcripts: torch.Tensor


def crops(made: Sequence[Film], settings: ReaderTraining, draw: random.Random) -> Crops:
    """Cut crops at random; mirrored, moved, brightened and worn at random as well."""
    videos, sounds, classes, transcripts = [], [], [], []
    for _ in range(settings.batch):
        film = draw.choice([each for each in made if len(each.video) >= settings.frames])
        first = draw.randrange(len(film.video) - settings.frames + 1)
        span = slice(first, first + settings.frames)
        videos.append(_worn(film.video[span], draw))
        sounds.append(film.sound[span])
        classes.append(frame_visemes(film.segments, span.stop, FPS)[span])
        transcripts.append(spoken_visemes(film.segments, first / FPS, span.stop / FPS))
    return Crops(
        torch.from_numpy(np.stack(videos)),
        torch.from_numpy(np.stack(sounds)),
        torch.from_numpy(np.stack(classes)),
        padded(transcripts),
    )


def _worn(video: np.ndarray, draw: random.Random) -> np.ndarray:
    moved = np.roll(video, (draw.randint(-SHIFT, SHIFT), draw.randint(-SHIFT, SHIFT)), axis=(1, 2))
    seen = (moved[:, :, ::-1] if draw.random() < 0.5 else moved) / np.float32(255)
    return np.asarray(seen * np.float32(draw.uniform(0.8, 1.2)) + np.float32(draw.uniform(-0.05, 0.05)))


def loss_of(reader: LipReader, reading: Reading, wanted: Crops) -> torch.Tensor:
    """How far a reading is from what was said, at each frame and as a whole."""
    each = nn.functional.nll_loss(reading.frames.flatten(0, 1), wanted.frames.flatten())
    return each + reader.unread(reading, wanted.transcripts)


def trained(made: Sequence[Film], settings: ReaderTraining, config: ReaderConfig) -> LipReader:
    """Train on films; prints the loss from time to time."""
    torch.manual_seed(settings.seed)
    draw = random.Random(settings.seed)
    reader = LipReader(config).train()
    optimizer = torch.optim.AdamW(reader.parameters(), settings.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: share_of_peak(step, settings.steps, warmup=50)
    )
    total, began = 0.0, time.monotonic()
    for step in range(1, settings.steps + 1):
        wanted = crops(made, settings, draw)
        seen, heard = draw.choice(SENSES)
        reading = reader(wanted.video if seen else None, wanted.sound if heard else None)
        loss = loss_of(reader, reading, wanted)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(reader.parameters(), 2.0)
        optimizer.step()
        schedule.step()
        total += loss.item()
        if step % 100 == 0:
            print(f"step {step}  loss {total / 100:.3f}  {time.monotonic() - began:.0f} s", flush=True)
            total = 0.0
    return reader.eval()


@dataclass(frozen=True)
class Skill:
    """Viseme error rates on films of speakers that were not learnt.

    Attributes
    ----------
    seen, heard, both : float
        From the pictures, the sound, or both.
    shuffled : float
        From the pictures of another line.
    """

    seen: float
    heard: float
    both: float
    shuffled: float


@torch.inference_mode()
def skill(reader: LipReader, judged: Sequence[Film]) -> Skill:
    """Let a reader read whole lines."""
    truths = [spoken_visemes(film.segments) for film in judged]
    videos = [torch.from_numpy(film.video)[None] / 255 for film in judged]
    sounds = [torch.from_numpy(film.sound)[None] for film in judged]
    seen = [best_path(reader(video).ctc[0]) for video in videos]
    heard = [best_path(reader(None, sound).ctc[0]) for sound in sounds]
    both = [best_path(reader(*pair).ctc[0]) for pair in zip(videos, sounds, strict=True)]
    others = seen[1:] + seen[:1]
    return Skill(*(error_rate(truths, each) for each in (seen, heard, both, others)))


def main(words: Sequence[str]) -> int:
    """Train a reader and say what it can; returns the exit code."""
    parser = OneLineParser("train", description="Train a lip-reader on films of a synthetic mouth.")
    parser.add_argument("out", type=Path, metavar="OUT", help="name.safetensors")
    usual = " ".join(f"{name}={value}" for name, value in asdict(ReaderTraining()).items())
    parser.add_argument("words", nargs="*", metavar="KEY=VALUE", help=f"{usual} where not given")
    options = parser.parse_args(list(words))
    return reported("train", lambda: _train(options.out, options.words))


def _train(out: Path, words: Sequence[str]) -> None:
    check_file(out, ".safetensors")
    settings = ReaderTraining(**overrides(ReaderTraining, words))
    out.parent.mkdir(parents=True, exist_ok=True)
    config = ReaderConfig()
    began = time.monotonic()
    learnt, judged = held_out(list(films(settings.lines, settings.seed, config.size)))
    print(
        f"{len(learnt)} films to learn, {len(judged)} to judge by: {time.monotonic() - began:.0f} s",
        flush=True,
    )
    if max(len(film.video) for film in learnt) < settings.frames:
        raise ValueError(f"frames={settings.frames} is longer than any film")
    reader = trained(learnt, settings, config)
    save_reader(out, reader)
    found = skill(reader, judged)
    print(
        f"viseme error rate on held-out speakers: seen {found.seen:.3f}, heard {found.heard:.3f}, "
        f"both {found.both:.3f}; another line's pictures {found.shuffled:.3f}"
    )


if __name__ == "__main__":
    torch.set_num_threads(1)
    sys.exit(main(sys.argv[1:]))
