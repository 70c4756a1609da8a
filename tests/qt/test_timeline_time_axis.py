import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.views.timeline.ticks import LABEL_PIXELS, TimeUnit, label, ticks
from editor.views.timeline.time_axis import CLOSEST, MARGIN, TimeAxis

durations = st.floats(0.5, 7200.0)
widths = st.floats(100.0, 4000.0)


@st.composite
def axes(draw: st.DrawFn) -> TimeAxis:
    """A window that can be reached: a whole recording, zoomed and panned."""
    axis = TimeAxis(width=draw(widths)).lasting(draw(durations))
    axis = axis.zoomed(draw(st.floats(1.0, 1e4)), draw(st.floats(0.0, axis.width)))
    return axis.panned(draw(st.floats(-1e5, 1e5)))


@given(axes(), st.floats(-100.0, 8000.0))
def test_time_and_pixels_are_inverse(axis: TimeAxis, seconds: float) -> None:
    assert axis.time_at(axis.x_of(seconds)) == pytest.approx(seconds, abs=1e-6)
    assert axis.x_of(axis.start) == 0.0
    assert axis.x_of(axis.end) == pytest.approx(axis.width)


@given(axes(), st.floats(1.0, 10.0), st.floats(0.0, 1.0))
def test_zooming_in_keeps_the_time_under_the_mouse(axis: TimeAxis, factor: float, share: float) -> None:
    x = MARGIN + share * (axis.width - 2 * MARGIN)
    zoomed = axis.zoomed(factor, x)
    assert zoomed.time_at(x) == pytest.approx(axis.time_at(x), abs=1e-6)
    assert zoomed.scale == pytest.approx(min(axis.scale * factor, CLOSEST))


@given(axes(), st.floats(0.01, 10.0), st.floats(0.0, 4000.0), st.floats(-1e6, 1e6))
def test_no_zoom_or_pan_leaves_the_recording(axis: TimeAxis, factor: float, x: float, pixels: float) -> None:
    for moved in (axis.zoomed(factor, x), axis.panned(pixels), axis.zoomed(factor, x).panned(pixels)):
        margin = (MARGIN + 1e-3) / moved.scale
        assert moved.start >= -margin
        assert moved.end <= moved.duration + margin or moved.scale <= moved.widest * (1 + 1e-9)


@given(axes(), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_framed_span_is_in_view(axis: TimeAxis, one: float, other: float) -> None:
    start, end = sorted((one * axis.duration, other * axis.duration))
    framed = axis.framed(start, end)
    assert framed.start <= start + 1e-6
    assert framed.end >= end - 1e-6


@given(axes(), widths)
def test_a_whole_recording_stays_whole_in_another_width(axis: TimeAxis, width: float) -> None:
    whole = axis.framed(0.0, axis.duration).resized(width)
    assert whole.x_of(0.0) == pytest.approx(MARGIN, abs=1e-3)
    assert whole.x_of(whole.duration) == pytest.approx(width - MARGIN, abs=1e-3)


@given(axes(), st.sampled_from(list(TimeUnit)), st.sampled_from([23.976, 24.0, 25.0, 29.97, 30.0, 60.0]))
def test_ticks_are_in_view_and_apart(axis: TimeAxis, unit: TimeUnit, fps: float) -> None:
    found = ticks(axis, unit, fps)
    assert len(found.labels) == len(found.major) == len(set(found.labels))
    for times in (found.major, found.minor):
        x = axis.x_of(times)
        assert ((x >= -1e-3) & (x <= axis.width + 1e-3)).all()
    assert (np.diff(axis.x_of(found.major)) >= LABEL_PIXELS - 1e-3).all()
    assert len(found.minor) <= axis.width / 4


@given(st.integers(0, 10_000_000), st.sampled_from([24.0, 25.0, 29.97, 30.0]))
def test_timecode_counts_every_frame_once(frame: int, fps: float) -> None:
    hours, minutes, seconds, rest = map(int, label(frame / fps, TimeUnit.TIMECODE, fps).split(":"))
    rate = round(fps)
    assert ((hours * 60 + minutes) * 60 + seconds) * rate + rest == frame
    assert rest < rate


@pytest.mark.parametrize(
    ("seconds", "step", "text"),
    [
        (0.0, 1.0, "0:00"),
        (83.5, 0.5, "1:23.5"),
        (3725.0, 60.0, "62:05"),
        (59.999, 1.0, "1:00"),
        (1.25, 0.01, "0:01.25"),
    ],
)
def test_seconds_are_written_as_fine_as_the_step(seconds: float, step: float, text: str) -> None:
    assert label(seconds, TimeUnit.SECONDS, 30.0, step) == text
