"""The sound card as the clock, on ALSA's null device: it takes samples as fast as they come."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from editor.sound.clock import SilentClock
from editor.sound.speakers import open_clock

ROOT = Path(__file__).resolve().parents[2]
NULL = "pcm.!default { type null }\nctl.!default { type null }\n"

SCRIPT = """
import time
from editor.sound.clock import Motion
from editor.sound.speakers import Speakers, open_clock
from tests.editor_factories import tone
clock = open_clock(tone(30.0, rate=44100))
assert isinstance(clock, Speakers), clock.label
clock.start(Motion(2.0, 1.0, (1.0, 4.0)))
end = time.monotonic() + 30
while clock._mixer.elapsed <= 0.5 and time.monotonic() < end:
    time.sleep(0.02)
clock.stop()
time.sleep(0.1)
sent = clock._mixer.elapsed
heard = [clock._anchor[1] for _ in range(3)]
assert sent > 0.5, "the device took samples"
assert 1.0 <= clock.position() < 4.0, "within the loop"
assert heard[0] == heard[-1] <= sent, "and stands once stopped"
assert not clock.lost
clock.close()
print("followed", clock.label)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ALSA is Linux's")
def test_the_device_leads_and_the_position_follows_what_it_took(tmp_path: Path) -> None:
    (tmp_path / "asound.conf").write_text(NULL)
    environment = {**os.environ, "ALSA_CONFIG_PATH": str(tmp_path / "asound.conf")}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "followed Sound" in done.stdout


def test_without_a_recording_the_clock_is_silent() -> None:
    clock = open_clock(None)
    assert isinstance(clock, SilentClock)
    assert clock.label == "Silent: no recording"
