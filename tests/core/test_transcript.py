"""A known text sharpens the lips; a wrong one is refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assets.demo.build import TEXT
from core.audio import AudioClip, load_audio
from core.errors import InputError
from core.inference.engine import infer
from core.inference.request import InferenceRequest
from core.inference.scoring import lip_gap
from core.library import default_rig
from core.neutral import Neutral
from core.paths import DEMO_CLIP
from core.transcript import Transcript, read_transcript
from models.pronouncing import WORD


@pytest.fixture(scope="module")
def clip() -> AudioClip:
    return load_audio(DEMO_CLIP)


@pytest.fixture(scope="module")
def told(clip: AudioClip) -> Neutral:
    return infer(InferenceRequest(clip, transcript=Transcript(TEXT)))


def test_every_word_is_found_in_its_place(told: Neutral) -> None:
    assert [word.text for word in told.words] == WORD.findall(TEXT)
    times = [time for word in told.words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert np.mean([word.confidence for word in told.words]) > 0.5


def test_lips_meet_at_every_bilabial_of_the_text_and_part_between(told: Neutral) -> None:
    gap, fps = lip_gap(default_rig(), told), told.fps
    bilabials = [phone for phone in told.phones if phone.text in ("P", "B", "M")]
    least = [gap[round(p.start * fps) - 2 : round(p.end * fps) + 3].min() for p in bilabials]
    assert len(bilabials) == 14
    assert max(least) < 0.5
    assert np.percentile(gap, 95) > 6


def test_without_a_text_phones_are_heard_with_confidence(clip: AudioClip) -> None:
    heard = infer(InferenceRequest(clip))
    assert heard.words == ()
    assert len(heard.phones) > 60
    assert {"M", "P", "B", "IY"} <= {phone.text for phone in heard.phones}
    assert all(0 < phone.confidence <= 1 for phone in heard.phones)


def test_each_text_and_language_is_a_question_of_its_own(clip: AudioClip) -> None:
    texts = (None, Transcript("a"), Transcript("b"), Transcript("a", "de"), Transcript("a", "de", "a AH"))
    assert len({InferenceRequest(clip, transcript=text).key("model") for text in texts}) == len(texts)


@pytest.mark.parametrize(
    ("transcript", "reason"),
    [
        (Transcript("?!"), "no words"),
        (Transcript("mama", "klingonese"), "does not know the language 'klingonese'"),
        (Transcript("a very long story " * 200), "does not fit the recording: the text has more sounds"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused(clip: AudioClip, transcript: Transcript, reason: str) -> None:
    with pytest.raises(InputError, match="transcript") as caught:
        infer(InferenceRequest(clip, transcript=transcript))
    assert reason in str(caught.value)


def test_of_a_dictionary_only_the_words_of_the_text_are_kept(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("\ufeffGimbal lock.", encoding="utf-8")
    (tmp_path / "own.dict").write_text("GIMBAL  G IH1 M B AH0 L\nZEBRA  Z IY1 B R AH0\n", encoding="utf-8")
    transcript = read_transcript(tmp_path / "text.txt", "en-us", tmp_path / "own.dict")
    assert transcript == Transcript("Gimbal lock.", "en-us", "gimbal G IH M B AH L")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b" \n", "holds no text"),
        ("latin.txt", b"caf\xe9", "cannot be read as text"),
        ("missing.txt", None, "no such file"),
    ],
)
def test_a_file_that_is_no_text_is_named(
    tmp_path: Path, name: str, content: bytes | None, reason: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=reason) as caught:
        read_transcript(tmp_path / name, "en-us", None)
    assert name in str(caught.value)


def test_a_file_that_is_no_dictionary_is_named(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("Mary", encoding="utf-8")
    (tmp_path / "own.dict").write_text("mary had a little lamb", encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.dict: not a pronouncing dictionary, line 1"):
        read_transcript(tmp_path / "text.txt", "en-us", tmp_path / "own.dict")
