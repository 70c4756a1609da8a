"""Does emotion spoil the sync? ``python -m emotion.sync_check CLIPS [options]`` prints it.

CLIPS holds recordings with aligned phones: ``NAME.wav``, and ``NAME.json`` with "phones", rows of phone,
start, end. For every emotion the lips are compared with those of the neutral speech: bare (`emotion.protect`
0) and sealed (1), with the residual that follows the speech or with the constant one.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.audio import load_audio
from core.curve import Curve
from core.document import Document, Track
from core.inference.engine import infer
from core.inference.request import InferenceRequest
from core.library import default_rig, emotion_poses
from core.mesh import Floats, Indices
from core.rig import Lips, Rig
from core.transcript import Transcript
from emotion.closures import LABIODENTALS
from emotion.performance import PROTECT, Performance, Stage
from emotion.residual import KINDS, RESIDUAL
from emotion.voice import voice_of
from models.phones import BILABIALS

BLOCK = 64
RATE = 60.0
AROUND = 0.04
"""Seconds before and after a phone in which its closure may lie."""
TOLERANCE = 0.1
"""Millimetres."""
PAIRS = (("joy", "surprise"), ("anger", "disgust"))
PAIR_INTENSITY = 0.7
HEADER = f"""\
| emotion | residual | p b m in {TOLERANCE} mm | median, p95 mm | f v | median, p95 mm | r | worst |
|---|---|---|---|---|---|---|---|"""


@dataclass(frozen=True)
class Spoken:
    """A recording with its aligned phones.

    Attributes
    ----------
    stage : Stage
    phones : tuple of (str, float, float)
        ARPAbet, start and end in seconds.
    """

    stage: Stage
    phones: tuple[tuple[str, float, float], ...]

    def spans(self, kinds: tuple[str, ...]) -> Iterator[slice]:
        """Frames at `RATE` of the phones of these kinds, with some before and after."""
        for phone, start, end in self.phones:
            if phone.rstrip("012") in kinds:
                yield slice(max(round((start - AROUND) * RATE), 0), round((end + AROUND) * RATE) + 1)


@dataclass(frozen=True)
class Mouth:
    """What is measured of a face in every frame, millimetres on a life-size head.

    Attributes
    ----------
    gap : ndarray of shape (F,)
        Inner lips at the midline.
    bite : ndarray of shape (F,) or None
        Lower lip to the nearest upper front tooth; None for a head without teeth.
    """

    gap: Floats
    bite: Floats | None


def spoken(folder: Path, rig: Rig, texts: bool) -> Iterator[Spoken]:
    """Read and infer all clips of a folder."""
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        clip = load_audio(path.with_suffix(".wav"))
        text = Transcript(data["transcript"]) if texts else None
        neutral = infer(InferenceRequest(clip, transcript=text))
        stage = Stage.build(rig, neutral, emotion_poses(), audio=clip, voice=voice_of(clip))
        yield Spoken(stage, tuple(tuple(phone) for phone in data["phones"]))


def mouth(spoken: Spoken, document: Document) -> Mouth:
    """Measure a performance from start to end."""
    stage = spoken.stage
    performance, lips, teeth = Performance(document, stage), stage.rig.lips, _front_teeth(stage.rig)
    assert lips is not None
    times = np.arange(int(stage.duration * RATE)) / RATE
    gaps, bites = [], []
    for start in range(0, len(times), BLOCK):
        vertices = performance.vertices(times[start : start + BLOCK])
        gaps.append(lips.gap(vertices))
        if len(teeth):
            bites.append(_bite(vertices, lips, teeth))
    scale = np.float32(1 / stage.rig.millimetre)
    return Mouth(np.concatenate(gaps) * scale, np.concatenate(bites) * scale if bites else None)


def _bite(vertices: Floats, lips: Lips, teeth: Indices) -> Floats:
    lip = vertices[:, lips.lower[lips.midline], None]
    return np.asarray(np.linalg.norm(lip - vertices[:, teeth], axis=-1).min(axis=1))


def _front_teeth(rig: Rig) -> Indices:
    """Vertices of the upper incisors, none for a head without a group of teeth."""
    mesh = rig.mesh
    starts = np.cumsum(mesh.face_sizes) - mesh.face_sizes
    for group in mesh.groups:
        if group.name == "teethUpper":
            corners = [mesh.face_vertices[starts[f] : starts[f] + mesh.face_sizes[f]] for f in group.faces]
            found = np.unique(np.concatenate(corners))
            return np.asarray(found[np.abs(mesh.vertices[found, 0]) < 6 * rig.millimetre], np.int32)
    return np.empty(0, np.int32)


def deviations(clip: Spoken, neutral: Mouth, final: Mouth) -> tuple[list[float], list[float]]:
    """How far closures and bites are from the neutral ones, mm, each where the neutral one is tightest."""
    closures = []
    for span in clip.spans(BILABIALS):
        at = span.start + int(neutral.gap[span].argmin()) if len(neutral.gap[span]) else None
        closures += [] if at is None else [abs(float(final.gap[at] - neutral.gap[at]))]
    bites = []
    if neutral.bite is not None and final.bite is not None:
        for span in clip.spans(LABIODENTALS):
            at = span.start + int(neutral.bite[span].argmin()) if len(neutral.bite[span]) else None
            bites += [] if at is None else [abs(float(final.bite[at] - neutral.bite[at]))]
    return closures, bites


def row(
    clips: Sequence[Spoken], rests: Sequence[Mouth], emotions: tuple[str, ...], settings: Mapping[str, str]
) -> str:
    """One line of the table: an emotion over all clips."""
    level = 1.0 if len(emotions) == 1 else PAIR_INTENSITY
    tracks = tuple(Track(name, Curve.constant(level)) for name in emotions)
    document = Document(tracks=tracks, settings=settings)
    closures, bites, correlations = [], [], []
    for clip, rest in zip(clips, rests, strict=True):
        final = mouth(clip, document)
        found = deviations(clip, rest, final)
        closures += found[0]
        bites += found[1]
        correlations.append(float(np.corrcoef(rest.gap, final.gap)[0, 1]))
    label = " + ".join(emotions) + (f" {level:g}" if len(emotions) > 1 else "")
    kind = "sealed" if settings[PROTECT] == "1" else "bare"
    cells = [label, kind, *_summary(closures), *_summary(bites)]
    return f"| {' | '.join(cells)} | {np.mean(correlations):.3f} | {min(correlations):.3f} |"


def _summary(values: list[float]) -> tuple[str, str]:
    """Share within the tolerance; median and 95th percentile."""
    if not values:
        return "-", "-"
    within = float(np.mean(np.array(values) <= TOLERANCE))
    return f"{within:.0%}", f"{np.median(values):.2f}, {np.percentile(values, 95):.2f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="sync_check", description=__doc__)
    parser.add_argument("clips", type=Path)
    parser.add_argument("--template", type=Path, help="the head; the default head where not given")
    parser.add_argument("--texts", action="store_true", help='give the "transcript" of each clip, too')
    parser.add_argument("--residual", choices=KINDS, default=KINDS[0])
    options = parser.parse_args()
    from core.templates.load import load_template

    rig = load_template(options.template) if options.template else default_rig()
    clips = list(spoken(options.clips, rig, options.texts))
    rests = [mouth(clip, Document()) for clip in clips]
    print(HEADER, flush=True)
    for emotions in [*((name,) for name in emotion_poses()), *PAIRS]:
        for protect in ("0", "1"):
            settings = {PROTECT: protect, RESIDUAL: options.residual}
            print(row(clips, rests, emotions, settings), flush=True)


if __name__ == "__main__":
    main()
