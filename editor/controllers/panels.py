"""Session to panels: which rows there are, and their values at the playhead."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import groupby

from core.document import LANE_STYLE, LANES_INTENSITY, TUNED, lane_curve, lane_names
from core.library import SHAPE
from core.parameters import REGIONS, Parameter, gain, multiplier, parameter, parameters
from editor import palette
from editor.controllers.curves import Curves
from editor.lane_edits import SETTING, is_track, limits_of
from editor.rows import Row
from editor.session import Session

PROTECT = "emotion.protect"
"""Of `emotion.performance`, whose SciPy the window must not wait for."""
UNSET = {PROTECT: 1.0, SHAPE: 0.0}
"""Values of the settings that have a row, where the document says nothing."""
WEIGHTS = (0.0, 1.0)
"""Range of a channel's weight; its offset may well be negative."""


class PanelFeed:
    """Rows and values of emotions, speech intensities and channels; names are those of lanes."""

    def __init__(self, session: Session, curves: Curves) -> None:
        self._session, self._curves = session, curves
        self._grip: tuple[float, float] | None = None

    def emotion_rows(self) -> tuple[Row, ...]:
        """Every emotion that can be painted."""
        present = self._present()
        return tuple(self._row(name, self._curves.label(name), present) for name in self._session.emotions)

    def speech_rows(self) -> tuple[Row, ...]:
        """Intensity of speech, overall and by part, and how firmly it is protected from emotion."""
        labels = ("Overall", *(name.removeprefix("intensity ").capitalize() for name in LANES_INTENSITY[1:]))
        present = self._present()
        rows = [self._row(name, label, present) for name, label in zip(LANES_INTENSITY, labels, strict=True)]
        return (*rows, self._row(LANE_STYLE, "Style", present), self._setting(PROTECT))

    def channel_rows(self) -> tuple[Row, ...]:
        """Every channel of the head; before them the figure of the default head, where that is shown."""
        rig = self._session.rig
        if rig is None:
            return ()
        present = self._present()
        rows = (self._row(f"offset {channel}", channel, present) for channel in rig.channels)
        figure = () if self._session.document.template else (self._setting(SHAPE),)
        return (*figure, *(replace(row, limits=WEIGHTS) for row in rows))

    def tune_rows(self) -> tuple[Row, ...]:
        """Every parameter under its heading: first those of the emotion whose lane is chosen."""
        lane, rig = self._session.lane, self._session.rig
        found: list[Parameter] = []
        if is_track(self._session.document, lane):
            found = [each for region in REGIONS if (each := parameter(gain(lane, region)))]
        found += parameters().values()
        channels = rig.channels if rig else ()
        found += [each for channel in channels if (each := parameter(multiplier(channel)))]
        rows = []
        for group, members in groupby(found, lambda each: each.group):
            title = f"{self._curves.label(group)} reaches" if group == lane else group
            rows += [Row(title, title, palette.DIM, (0.0, 1.0), heading=True), *map(self._tuned, members)]
        return tuple(rows)

    def tune_values(self) -> dict[str, float]:
        """Value of each parameter at the playhead."""
        document, here = self._session.document, self._session.playhead
        keys = [row.name.removeprefix(TUNED) for row in self.tune_rows() if not row.heading]
        return {TUNED + key: float(document.parameter(key)(here)) for key in keys}

    def lane_values(self) -> dict[str, float]:
        """Value of each emotion and intensity at the playhead."""
        document, here = self._session.document, self._session.playhead
        names = [name for name in lane_names(document) if not name.startswith(("offset ", TUNED))]
        values = {name: float(lane_curve(document, name)(here)) for name in names}
        return values | self._setting_values()

    def channel_values(self) -> dict[str, float]:
        """Weight of each channel at the playhead, all layers together, by its offset lane."""
        values = self._session.channel_values(self._session.playhead)
        return {f"offset {channel}": value for channel, value in values.items()} | self._setting_values()

    # ---- dragging

    def grip(self, lane: str) -> None:
        """Begin to drag a row."""
        self._grip = None
        if lane.startswith("offset "):
            document, here = self._session.document, self._session.snapped(self._session.playhead)
            total = self.channel_values().get(lane, 0.0)
            own = float(lane_curve(document, lane)(here)) if lane in lane_names(document) else 0.0
            self._grip = (total, own)
        set_whole = lane.startswith((SETTING, TUNED)) and lane not in lane_names(self._session.document)
        verb = "Set" if set_whole else "Key"
        self._curves.begin(f"{verb} {self._curves.label(lane)}")

    def drag(self, lane: str, value: float) -> None:
        """Key the lane so that the row shows ``value``."""
        total, own = self._grip or (0.0, 0.0)
        self._curves.set_value(lane, value - total + own if self._grip else value)

    def _tuned(self, known: Parameter) -> Row:
        name = TUNED + known.key
        present = known.key in self._session.document.parameters
        tip = f"{known.tip}  ({known.key})"
        return Row(name, known.label, self._curves.colour(name), limits_of(name), present, tip)

    def _setting(self, key: str) -> Row:
        name = SETTING + key
        return Row(name, self._curves.label(name), palette.GOOD, limits_of(name))

    def _setting_values(self) -> dict[str, float]:
        values, settings = {}, self._session.document.settings
        for key, unset in UNSET.items():
            with suppress(ValueError):  # the session has told of a setting that is no number
                values[SETTING + key] = float(settings.get(key, unset))
        return values

    def _present(self) -> set[str]:
        """Names of the lanes that are shown; found once for all rows, as a brush asks at every touch."""
        return {lane.name for lane in self._curves.lanes()}

    def _row(self, name: str, label: str, present: set[str]) -> Row:
        return Row(name, label, self._curves.colour(name), limits_of(name), name in present)
