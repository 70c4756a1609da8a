"""``main.py evaluate``: how well a model moves the mouth, beside captured lips and aligned speech."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.command_line import OneLineParser
from core.errors import InputError
from core.evaluation.judging import Judged, Speaker, judge, without_voice, withstand
from core.evaluation.measures import errors_by_phone
from core.evaluation.recordings import read_recordings
from core.evaluation.report import capture_table, condition_table, phone_lines, speech_lines
from core.inference.request import SETTINGS
from core.library import default_rig
from core.rig import Rig
from core.templates.load import load_template
from editor.commands.progress import share_bar


def run(words: Sequence[str]) -> int:
    """Print the figures, and write the pictures; return the exit code."""
    options = _parser().parse_args(words)
    if network := next((each for each in options.folder if each.suffix == ".safetensors"), None):
        raise InputError(network, "is judged beside a dataset of its kind: add --data DIR")
    read = [read_recordings(folder) for folder in options.folder]
    captures = [capture for found, _ in read for capture in found]
    aligned = [each for _, found in read for each in found]
    speaker = Speaker(_rig(options.template), options.model, dict(map(_setting, options.set)))
    with share_bar("Speaking") as progress:
        judged = judge(speaker, captures, aligned, progress)
    lines = _lines(judged)
    if options.conditions:
        with share_bar("Under bad conditions") as progress:
            rows = withstand(speaker, captures, aligned, progress)
        lines += ["", *condition_table(rows, without_voice(speaker))]
    print("\n".join(lines))
    if options.out is not None:
        _write(options.out, judged, lines)
    return 0


def _lines(judged: Judged) -> list[str]:
    lines: list[str] = []
    if judged.captures:
        lines += [*capture_table(judged.scores), "", *phone_lines(errors_by_phone(judged.captures))]
    if judged.speech is not None:
        lines += ["", *speech_lines(judged.speech)] if lines else speech_lines(judged.speech)
    return lines


def _write(out: Path, judged: Judged, lines: list[str]) -> None:
    from core.evaluation.plots import draw_curves, draw_scatter

    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "figures.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        if judged.captures:
            draw_scatter(judged.captures, out / "scatter.png")
            draw_curves(judged.captures, out / "curves.png")
    except OSError as error:
        raise InputError(out, f"cannot be written ({error.strerror})") from error


def _rig(template: Path | None) -> Rig:
    if template is None:
        return default_rig()
    with share_bar(f"Fitting {template.name}") as progress:
        rig = load_template(template, progress)
    if rig.lips is None:
        raise InputError(template, "has no lips that were found")
    return rig


def _setting(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or key not in SETTINGS:
        raise InputError("--set", f"{text!r} is not KEY=VALUE with KEY one of {', '.join(SETTINGS)}")
    return key, value


def _parser() -> OneLineParser:
    parser = OneLineParser(
        "main.py evaluate",
        description="Measure how well a model moves the mouth.",
        epilog="Networks of the toolbox beside a dataset: main.py evaluate CHECKPOINT... --data DIR",
    )
    kinds = "captured lips (index.json, .wav, .npz) or aligned speech (.wav, .json with phones)"
    parser.add_argument("folder", type=Path, nargs="+", metavar="FOLDER", help=kinds)
    parser.add_argument("-o", "--out", type=Path, metavar="DIR", help="write figures and pictures here, too")
    parser.add_argument("--model", default="default", metavar="NAME", help="a model's name, or its file")
    parser.add_argument("--template", type=Path, metavar="FILE", help="a head instead of the default one")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="speech.rest=natural")
    parser.add_argument(
        "--conditions", action="store_true", help="also by telephone, in noise, whispered, coded, ..."
    )
    return parser
