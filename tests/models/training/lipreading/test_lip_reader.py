"""The lip-reader learns to read, in files as in memory; the one that ships reads voices it has not met."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from models.checkpoint import CheckpointError
from models.phones import SILENCE, Segment
from models.training.lipreading import train
from models.training.lipreading.films import HELD_OUT, Film, films, held_out
from models.training.lipreading.reader import EDGE, FPS, LipReader, ReaderConfig, load_reader, save_reader
from models.training.lipreading.teaching import DEFAULT_READER
from models.training.lipreading.transcripts import NOTHING, best_path, padded, transcript_loss

TINY = ReaderConfig(size=16, sounds=4, width=32, layers=1, heads=2, kernel=5, dropout=0.0)
SHAPES = {"AA": (12, 8), "UW": (4, 6), "IY": (3, 12), SILENCE: (1, 8)}
"""Height and width of a dark rectangle."""


def toy_film(seed: int) -> Film:
    draw = np.random.default_rng(seed)
    phones = [str(draw.choice(list(SHAPES))) for _ in range(10)]
    cuts = np.cumsum([0, *draw.integers(3, 7, len(phones))]).tolist()
    segments = tuple(Segment(p, a / FPS, b / FPS) for p, (a, b) in zip(phones, pairwise(cuts), strict=True))
    video = np.full((cuts[-1], 16, 16), 200, np.uint8)
    sound = np.zeros((cuts[-1], 4), np.float32)
    for phone, (first, last) in zip(phones, pairwise(cuts), strict=True):
        high, wide = SHAPES[phone]
        video[first:last, 8 - high // 2 : 8 + (high + 1) // 2, 8 - wide // 2 : 8 + wide // 2] = 10
        sound[first:last, list(SHAPES).index(phone)] = 1
    return Film("toy", video, sound, segments)


def test_it_learns_to_read_what_it_sees_and_what_it_hears(capsys) -> None:
    settings = train.ReaderTraining(steps=300, batch=4, frames=30, rate=1e-2)
    reader = train.trained([toy_film(seed) for seed in range(30)], settings, TINY)
    found = train.skill(reader, [toy_film(seed) for seed in range(100, 106)])
    assert found.seen < 0.25
    assert found.heard < 0.25
    assert found.shuffled > 0.35
    assert "step 100  loss" in capsys.readouterr().out


def test_it_needs_pictures_or_sound_and_reads_any_length() -> None:
    reader = LipReader(TINY).eval()
    with pytest.raises(ValueError, match="pictures or sound"):
        reader(None)
    for frames in (1, 17, 260):
        reading = reader(torch.rand(1, frames, 16, 16))
        assert reading.ctc.shape[1] == frames
        assert torch.allclose(reading.frames.exp().sum(-1), torch.ones(1, frames), atol=1e-5)


def test_best_path_joins_repeats_and_drops_blanks() -> None:
    classes = torch.tensor([0, 3, 3, 0, 3, 5, 5, 0])
    assert best_path(torch.eye(6)[classes]) == [3, 3, 5]


def test_transcripts_of_several_lengths_cost_what_each_costs_alone() -> None:
    said = [[1, 2, 3], [4]]
    generator = torch.Generator().manual_seed(0)
    ctc = torch.randn(2, 9, EDGE, generator=generator).log_softmax(-1)
    attended = torch.randn(2, 4, EDGE + 1, generator=generator).log_softmax(-1)
    together = transcript_loss(ctc, attended, padded(said), EDGE)
    aligned, entropies = 0.0, []
    for n, each in enumerate(said):
        # PyTorch's CTC divides by the length; so does the mean over clips.
        aligned += float(
            torch.nn.functional.ctc_loss(
                ctc[n : n + 1].transpose(0, 1),
                torch.tensor([each]),
                torch.tensor([9]),
                torch.tensor([len(each)]),
            )
        )
        entropies += [-attended[n, place, token].item() for place, token in enumerate([*each, EDGE])]
    assert together.item() == pytest.approx(aligned / 2 + np.mean(entropies), rel=1e-5)
    assert padded(said).tolist() == [[1, 2, 3], [4, NOTHING, NOTHING]]


def test_a_file_reads_as_the_reader_does(tmp_path: Path) -> None:
    reader, video = LipReader(TINY).eval(), torch.rand(1, 12, 16, 16)
    save_reader(tmp_path / "reader.safetensors", reader)
    loaded = load_reader(tmp_path / "reader.safetensors")
    assert torch.allclose(loaded(video).ctc, reader(video).ctc, atol=0.02)
    assert next(loaded.parameters()).dtype == torch.float32
    (tmp_path / "other.safetensors").write_bytes(b"no tensors")
    with pytest.raises(CheckpointError, match="other"):
        load_reader(tmp_path / "other.safetensors")


def test_the_shipped_reader_reads_strangers() -> None:
    pytest.importorskip("espeakng_loader")
    reader = load_reader(DEFAULT_READER)
    assert sum(weight.numel() for weight in reader.parameters()) < 2_000_000
    learnt, judged = held_out(list(films(8, 4321, reader.size)))
    assert {film.speaker for film in judged} == set(HELD_OUT)
    assert HELD_OUT[0] not in {film.speaker for film in learnt}
    found = train.skill(reader, judged)
    assert found.seen < 0.4
    assert found.both < 0.3
    assert found.shuffled > 0.6


def test_words_that_say_nothing_are_one_sentence(capsys) -> None:
    with pytest.raises(SystemExit, match="2"):
        train.main([])
    assert train.main(["out", "steps=1"]) == 2  # no name.safetensors
    assert train.main(["out.safetensors", "lines=3"]) == 2
    assert train.main(["out.safetensors", "rate=nan"]) == 2
    assert train.main(["out.safetensors", "lines"]) == 2
    assert train.main(["out.safetensors", "colour=3"]) == 2
    assert train.main(["out.safetensors", "steps=many"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 7
