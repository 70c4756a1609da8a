"""``main.py export``: from recordings or projects to files, without a window."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core.command_line import OneLineParser
from core.document import Document
from core.errors import InputError
from core.export.registry import check_output, export
from core.project.project_file import SUFFIX, file_ref, load_project
from core.take import Take
from core.transcript import LANGUAGE, Transcript, read_transcript
from editor.commands import arguments
from editor.commands.progress import frame_bar
from emotion.audio2face import load_preset


def run(words: Sequence[str]) -> int:
    """Export every input to every output; return the exit code."""
    options = _parser().parse_args(words)
    named = arguments.output_names(options.input, options.out)
    for outs in named.values():
        for out in outs:
            check_output(out)
    for source, outs in named.items():
        take = _take(Path(source), options)
        for out in outs:
            export_to(take, out)
    return 0


def export_to(take: Take, out: str | Path) -> None:
    """Write one output with progress on stderr, and say on stdout what was written."""
    from editor.render.offscreen import TakeRenderer

    with frame_bar(str(out)) as progress:
        export(take, out, progress, renderer=TakeRenderer())
    print(f"{out}: {len(take)} frames, {len(take) / take.fps:.2f} s")


def _take(source: Path, options: argparse.Namespace) -> Take:
    from editor.commands.staging import perform

    document = _with_options(_document(source), options)
    performance = perform(document)
    duration = performance.stage.duration
    end = duration if options.end is None else min(options.end, duration)
    if not 0 <= options.start < max(end, 1e-9):
        raise InputError("--start", f"{options.start:g} s is not before the end at {end:.2f} s")
    return performance.take(options.start, end)


def _document(source: Path) -> Document:
    if source.suffix.lower() == SUFFIX:
        document = load_project(source)
        if document.audio is None:
            raise InputError(source, "a project without a recording")
        return document
    if not source.exists():
        raise InputError(source, "no such file")
    return Document(audio=file_ref(source))


def _with_options(document: Document, options: argparse.Namespace) -> Document:
    intensity = document.intensity
    if options.intensity:
        intensity = arguments.parse_curve(options.intensity, "--intensity", arguments.INTENSITY_LIMITS)
    document = replace(
        document,
        template=file_ref(options.template) if options.template else document.template,
        emotions=file_ref(options.emotions) if options.emotions else document.emotions,
        transcript=_transcript(options) or document.transcript,
        model=options.model or document.model,
        fps=options.fps or document.fps,
        intensity=intensity,
    )
    if options.style:
        document = arguments.with_style(document, options.style)
    for text in options.emotion:
        document = document.with_track(arguments.parse_emotion(text))
    for path in options.preset:
        document = load_preset(path).applied(document)
    for text in options.set:
        document = arguments.with_setting(document, text)
    if options.seed is None:
        return document
    return arguments.with_setting(document, f"life.seed={options.seed}")


def _transcript(options: argparse.Namespace) -> Transcript | None:
    if options.transcript is None:
        for option in ("language", "dictionary"):
            if getattr(options, option) is not None:
                raise InputError(f"--{option}", "is of no use without --transcript")
        return None
    return read_transcript(options.transcript, options.language or LANGUAGE, options.dictionary)


def _parser() -> OneLineParser:
    parser = OneLineParser("main.py export", description="Export recordings or projects.")
    add = parser.add_argument
    add("input", nargs="+", metavar="INPUT", help="a recording or a .lipsync project")
    add("-o", "--out", action="append", required=True, metavar="OUT",
        help="name.abc, name.npz, name.mp4, name_####.obj or a folder (OBJ sequence); may be given several "
        "times; {name} is the input's name")  # fmt: skip
    add("--template", type=Path, metavar="MESH", help="the head; the default head where not given")
    add("--emotions", type=Path, metavar="DIR", help="folder with neutral.obj and NAME.obj")
    add("--emotion", action="append", default=[], metavar="NAME=VALUE|CURVE",
        help="an emotion from 0 to 1.5: a number, or a curve.json or curve.csv")  # fmt: skip
    add("--intensity", metavar="VALUE|CURVE", help="speech intensity from 0 to 2")
    add("--transcript", type=Path, metavar="TEXT", help="what is said; sharpens the lips")
    add("--language", metavar="NAME", help=f"of the transcript, e.g. de, fr, cmn; {LANGUAGE} if not given")
    add("--dictionary", type=Path, metavar="FILE", help="a word and its ARPAbet phones in each line")
    add("--style", metavar="VALUE|CURVE|STYLE",
        help="-1 mumbled to 1 hyper-articulated, or what main.py style wrote")  # fmt: skip
    add("--preset", type=Path, action="append", default=[], metavar="FILE",
        help="parameters of Audio2Face, its YAML or JSON")  # fmt: skip
    add("--model", metavar="NAME|FILE", help="speech model; see main.py models")
    add("--fps", type=arguments.frame_rate, metavar="N", help="frames per second, 30 where not given")
    add("--start", type=arguments.finite, default=0.0, metavar="S", help="first second")
    add("--end", type=arguments.finite, metavar="S", help="last second; the recording's end at most")
    add("--seed", type=int, metavar="N", help="for what is generated by chance")
    add("--set", action="append", default=[], metavar="KEY=VALUE|CURVE",
        help="e.g. speech.rest=natural, life.blinks=1; docs/EMOTION.md lists them")  # fmt: skip
    return parser
