"""Who hears whom: signals of views to controllers, signals of the session to views."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu

from core.inference.models import hears_phones, speakers_of
from core.inference.request import SETTINGS, SPEAKER
from core.library import blends
from editor.session import RESIDUAL
from editor.views.theme import icon
from editor.views.value_list import ValueList

if TYPE_CHECKING:
    from editor.app import Editor

FRAME = 15
"""Milliseconds between looks at the clock while playing; pictures that come late are left out."""
VALUES = 60
"""Milliseconds between new numbers in the panels while the playhead moves."""
REST = "speech.rest"


def wire_window(editor: Editor) -> None:
    """Window, message bar and viewport."""
    window, session = editor.window, editor.session
    window.may_close = editor.projects.may_discard
    window.dropped.connect(editor.opening.drop)
    window.welcome.open_requested.connect(editor.actions["open"].trigger)
    window.viewport.drawing.connect(editor.face.compose)
    session.said.connect(window.message.show_message)
    session.taken_back.connect(window.message.take_back)
    session.view_changed.connect(lambda: window.viewport.set_occluded(session.occluded))
    session.noted.connect(editor.status.show_note)
    editor.status.work.cancelled.connect(editor.inference.cancelled)


def wire_session(editor: Editor) -> None:
    """Title, actions and invitation."""
    session, window = editor.session, editor.window

    def refresh() -> None:
        editor.actions.refresh(session)
        for step, label in (("undo", session.history.undo_label), ("redo", session.history.redo_label)):
            editor.actions[step].setText(f"{step.capitalize()} {label or ''}".strip())
        window.set_project(editor.projects.name, not session.history.is_clean)
        window.set_empty(session.audio is None and not editor.tasks.busy("recording"))

    def refresh_head() -> None:
        rig = session.rig
        if rig is not None:
            made = f", {rig.origin}" if rig.origin != rig.mesh.name else ""
            editor.status.set_head(f"{rig.mesh.name}, {len(rig.mesh.vertices):,} vertices{made}")

    for signal in (
        session.document_changed, session.audio_changed, session.rig_changed, session.project_changed,
        session.view_changed, session.suggestions_changed,
    ):  # fmt: skip
        signal.connect(refresh)
    session.rig_changed.connect(refresh_head)
    editor.tasks.changed.connect(refresh)
    refresh()


def wire_timeline(editor: Editor) -> None:
    """Gestures of the timeline to the history."""
    timeline, curves, playback = editor.timeline, editor.curves, editor.playback
    timeline.scrub_begun.connect(playback.scrub_begin)
    timeline.scrubbed.connect(playback.scrub)
    timeline.gesture_begun.connect(curves.begin)
    timeline.curve_edited.connect(curves.set_curve)
    timeline.gesture_ended.connect(curves.commit)
    timeline.gesture_aborted.connect(curves.abort)
    timeline.lane_toggled.connect(curves.toggle)
    timeline.lane_removed.connect(curves.remove_lane)
    timeline.active_lane_changed.connect(editor.session.choose_lane)
    timeline.loop_changed.connect(curves.set_loop)
    timeline.add_lane_requested.connect(lambda: _offer_lanes(editor))


def _wire_models(editor: Editor) -> None:
    """Models to choose from, and in whose manner they speak."""
    panel, session = editor.window.speech, editor.session
    shown: list[str] = []

    def used() -> list[str]:
        return [session.document.model, session.document.settings.get(SPEAKER, "")]

    def refresh() -> None:
        shown[:] = used()
        model, speaker = shown
        panel.set_models(editor.models.offered(), model)
        panel.set_speakers(speakers_of(model))
        panel.set_speaker(speaker)
        panel.set_hears_phones(hears_phones(model))
        editor.status.set_model(editor.models.title)

    def follow() -> None:
        if used() != shown:  # the disk is not asked at every edit
            refresh()

    panel.model_chosen.connect(editor.models.choose)
    panel.model.opening.connect(refresh)
    panel.speaker_chosen.connect(lambda speaker: editor.curves.set_setting(SPEAKER, speaker))
    session.document_changed.connect(follow)
    follow()


def wire_panels(editor: Editor) -> None:
    """Rows and values of the docks, and what dragging them does."""
    window, session = editor.window, editor.session
    lists = (window.emotions.values, window.speech.values, window.channels.values, window.tune.values)
    for values in lists:
        _wire_list(editor, values)
    window.emotions.values.chosen.connect(editor.curves.add_lane)
    window.emotions.set_blends(tuple(blends()))
    window.emotions.blend_chosen.connect(editor.curves.key_blend)
    window.speech.values.chosen.connect(editor.curves.add_lane)
    _wire_models(editor)
    window.speech.rest_chosen.connect(lambda rest: editor.curves.set_setting(REST, rest))
    window.speech.residual_chosen.connect(lambda kind: editor.curves.set_setting(RESIDUAL, kind))
    window.tune.values.chosen.connect(session.choose_lane)
    for panel in (window.channels, window.tune):
        panel.filter.textChanged.connect(lambda _text: refresh_values())

    def refresh_rows() -> None:
        panels, document = editor.panels, session.document
        window.emotions.values.set_rows(panels.emotion_rows())
        window.speech.values.set_rows(panels.speech_rows())
        window.channels.set_rows(panels.channel_rows())
        window.tune.set_rows(panels.tune_rows())
        window.speech.set_rest(document.settings.get(REST, SETTINGS[REST][0]))
        window.speech.set_residual(document.settings.get(RESIDUAL, ""))
        later.start()

    def refresh_values() -> None:
        lanes = editor.panels.lane_values()
        window.emotions.values.set_values(lanes)
        window.speech.values.set_values(lanes)
        if window.channels.isVisible():
            window.channels.values.set_values(editor.panels.channel_values())
        if window.tune.isVisible():
            window.tune.values.set_values(editor.panels.tune_values())

    def refresh_active(lane: str) -> None:
        window.tune.set_rows(editor.panels.tune_rows())
        for values in lists:
            values.set_active(lane)
        later.start()

    def soon(_seconds: float = 0.0) -> None:
        if not later.isActive():
            later.start()

    later = QTimer(window, singleShot=True, interval=VALUES)
    later.timeout.connect(refresh_values)
    for signal in (session.document_changed, session.rig_changed):
        signal.connect(refresh_rows)
    session.face_changed.connect(soon)
    session.playhead_changed.connect(soon)
    session.lane_changed.connect(refresh_active)
    refresh_rows()
    refresh_active(session.lane)


def wire_playback(editor: Editor) -> None:
    """Transport bar, status bar, and the pulse that follows the clock while playing."""
    playback, session, transport = editor.playback, editor.session, editor.transport
    pulse = QTimer(editor.window, interval=FRAME)
    pulse.timeout.connect(playback.tick)

    def refresh_time(_seconds: float = 0.0) -> None:
        transport.set_time(session.playhead, session.duration, session.document.fps)

    def refresh() -> None:
        (pulse.start if playback.playing else pulse.stop)()
        editor.actions["play"].setIcon(icon("pause" if playback.playing else "play"))
        transport.set_speed(playback.speed)
        clock = playback.clock.label
        editor.status.set_clock(clock, clock.startswith("Silent"))

    def refresh_document() -> None:
        transport.set_fps(session.document.fps)
        refresh_time()

    transport.fps_chosen.connect(editor.curves.set_fps)
    session.playhead_changed.connect(refresh_time)
    session.audio_changed.connect(refresh_time)
    session.document_changed.connect(refresh_document)
    playback.changed.connect(refresh)
    refresh()
    refresh_document()


def _wire_list(editor: Editor, values: ValueList) -> None:
    values.drag_begun.connect(editor.panels.grip)
    values.dragged.connect(editor.panels.drag)
    values.drag_ended.connect(editor.curves.commit)
    values.drag_aborted.connect(editor.curves.abort)


def _offer_lanes(editor: Editor) -> None:
    menu = QMenu(editor.window)
    for lane in editor.curves.missing():
        menu.addAction(editor.curves.label(lane), partial(editor.curves.add_lane, lane))
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(QCursor.pos())
