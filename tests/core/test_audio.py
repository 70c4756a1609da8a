from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from core.audio import load_audio
from core.errors import InputError

RATES = [8000, 11025, 16000, 22050, 44100, 48000, 96000, 192000]


def tone(rate: int, seconds: float = 0.5, channels: int = 1) -> np.ndarray:
    t = np.arange(int(rate * seconds)) / rate
    return np.tile(0.5 * np.sin(2 * np.pi * 440 * t), (channels, 1)).astype(np.float32)


def pitch(samples: np.ndarray, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 18))
    return float(np.argmax(spectrum) * rate / (1 << 18))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_any_rate_and_channel_count(rate, channels, tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(rate, channels=channels).T, rate)
    clip = load_audio(tmp_path / "a.wav")
    assert (clip.rate, clip.samples.shape[0]) == (rate, channels)
    assert clip.duration == pytest.approx(0.5, abs=1e-3)
    mono = clip.mono(16000)
    assert len(mono) == pytest.approx(8000, abs=1)
    assert pitch(mono, 16000) == pytest.approx(440, abs=1)


@pytest.mark.parametrize(("suffix", "codec"), [("mp3", "libmp3lame"), ("m4a", "aac"), ("opus", "libopus")])
def test_formats_of_ffmpeg(suffix, codec, tmp_path):
    path = tmp_path / f"a.{suffix}"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=48000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(tone(48000, 1.0, 2), format="fltp", layout="stereo")
        frame.sample_rate = 48000
        fifo = av.AudioFifo()
        fifo.write(frame)
        while (part := fifo.read(stream.codec_context.frame_size or 960, partial=True)) is not None:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    clip = load_audio(path)
    assert clip.samples.shape[0] == 2
    assert clip.duration == pytest.approx(1.0, abs=0.08)
    assert pitch(clip.mono(16000), 16000) == pytest.approx(440, abs=2)


def test_sound_of_a_film(tmp_path):
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100, layout="mono")
        frame = av.AudioFrame.from_ndarray(tone(44100, 1.0), format="fltp", layout="mono")
        frame.sample_rate = 44100
        fifo = av.AudioFifo()
        fifo.write(frame)
        while (part := fifo.read(1024, partial=True)) is not None:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    assert pitch(load_audio(path).mono(16000), 16000) == pytest.approx(440, abs=2)


def test_the_same_sound_in_another_container_is_the_same(tmp_path):
    samples = (tone(16000) * 32767).astype(np.int16)[0]
    soundfile.write(tmp_path / "a.wav", samples, 16000, subtype="PCM_16")
    soundfile.write(tmp_path / "a.flac", samples, 16000, subtype="PCM_16")
    assert load_audio(tmp_path / "a.wav").content_hash == load_audio(tmp_path / "a.flac").content_hash


def write_broken(kind: str, path: Path) -> None:
    soundfile.write(path, tone(16000)[0], 16000)
    whole = path.read_bytes()
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "text":
        path.write_text("dear diary")
    elif kind == "truncated":
        path.write_bytes(whole[: len(whole) // 2])
    elif kind == "header only":
        path.write_bytes(whole[:20])
    elif kind == "no samples":
        soundfile.write(path, np.empty(0), 16000)
    elif kind == "nan":
        soundfile.write(path, np.array([0.0, np.nan, 0.1]), 16000, subtype="FLOAT")
    elif kind == "missing":
        path.unlink()
    elif kind == "folder":
        path.unlink()
        path.mkdir()
    elif kind == "unknown codec":
        path.write_bytes(whole[:20] + b"\xfe\x99" + whole[22:])


@pytest.mark.parametrize(
    "kind",
    ["empty", "text", "truncated", "header only", "no samples", "nan", "missing", "folder", "unknown codec"],
)
def test_broken_recordings_are_one_clear_sentence(kind, tmp_path):
    path = tmp_path / "take.wav"
    write_broken(kind, path)
    with pytest.raises(InputError) as caught:
        load_audio(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_truncated_flac_is_noticed(tmp_path):
    path = tmp_path / "a.flac"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 48000), 16000)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(InputError):
        load_audio(path)


def test_a_wav_from_a_pipe_has_no_length_and_is_read(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(16000)[0], 16000)
    data = bytearray(path.read_bytes())
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
    path.write_bytes(bytes(data))
    assert load_audio(path).duration == pytest.approx(0.5, abs=0.01)
