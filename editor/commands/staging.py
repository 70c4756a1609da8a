"""From a document to a performance without a window: load what it names, infer, put it on a stage."""

from __future__ import annotations

import sys

import numpy as np

from core.audio import load_audio
from core.channels import CHANNELS
from core.document import Document
from core.errors import InputError
from core.inference.cache import NeutralCache
from core.inference.engine import Hooks, infer
from core.inference.models import model_path
from core.inference.request import InferenceRequest
from core.inference.text import misfits, words_of
from core.library import default_rig, emotion_poses, shape_of
from core.neutral import Neutral
from core.rig import Rig
from core.templates.load import load_template
from editor.commands.progress import share_bar
from emotion.life.layers import needs_voice
from emotion.performance import Performance, Stage
from emotion.residual import is_learned
from emotion.shapes import load_shapes
from emotion.voice import voice_of


def perform(document: Document) -> Performance:
    """Make a document ready to export, with progress on stderr.

    Raises
    ------
    InputError
        If anything the document names is missing or broken; all but the sound's own faults are found before
        the inference begins.
    """
    if document.audio is None:
        raise InputError("project", "names no recording")
    audio = load_audio(document.audio.path)
    model_path(document.model)
    if document.transcript:
        words_of(document.transcript)
    rig = _rig(document)
    shapes = load_shapes(document.emotions.path, rig.mesh) if document.emotions else {}
    follows = is_learned(document) and bool(document.audible_tracks())
    voice = voice_of(audio) if follows or needs_voice(document) else None

    def staged(neutral: Neutral) -> Performance:
        return Performance(document, Stage.build(rig, neutral, emotion_poses(), shapes, audio, voice))

    # A rehearsal in silence finds what is wrong with the emotions before a long recording is listened to.
    staged(Neutral(60.0, CHANNELS, np.zeros((1, len(CHANNELS)), np.float32)))
    request = InferenceRequest(audio, document.model, document.settings, transcript=document.transcript)
    with share_bar(f"Listening to {document.audio.path.name}") as progress:
        neutral = infer(request, Hooks(progress=progress), NeutralCache())
    if misfits(neutral):
        print("warning: the transcript does not seem to fit the recording", file=sys.stderr)
    return staged(neutral)


def _rig(document: Document) -> Rig:
    shape = shape_of(document.settings)
    if document.template is None:
        return default_rig(shape)
    path = document.template.path
    with share_bar(f"Fitting {path.name}") as progress:
        return load_template(path, progress)
