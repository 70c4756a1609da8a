"""The docks beside the face: emotions, speech, channels. Passive: rows and values in, signals out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QLineEdit,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from editor.rows import Row
from editor.views.parts import label, panel
from editor.views.theme import icon
from editor.views.value_list import ValueList

DRAG_TIP = "Drag a value (Shift: finer), double-click to type it; where it has a lane it is keyed"


POPUP_MARGIN = 24
"""Pixels beside the longest name of a menu."""


class Panel(QWidget):
    """A column of widgets."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 3, 0, 0)
        self.column.setSpacing(6)

    def add_scrolled(self, widget: ValueList) -> None:
        """Put a list at the end that scrolls where it does not fit."""
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder = panel()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(widget)
        column.addStretch(1)
        area.setWidget(holder)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        widget.walked.connect(
            lambda row: area.ensureVisible(0, round(row.center().y()), 0, round(row.height()))
        )
        self.column.addWidget(area, 1)


class EmotionPanel(Panel):
    """All emotions with their strength at the playhead, and mixtures of them."""

    blend_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.blend = QComboBox()
        self.blend.setToolTip("Key a mixture of emotions at the playhead")
        self.blend.activated.connect(self._on_blend)
        row = QFormLayout()
        row.setContentsMargins(12, 2, 10, 0)
        row.setHorizontalSpacing(12)
        row.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        row.addRow(label("Blend", "dim"), self.blend)
        self.column.addLayout(row)
        self.values = ValueList(f"Click to add or choose a lane. {DRAG_TIP}")
        self.add_scrolled(self.values)

    def set_blends(self, names: Sequence[str]) -> None:
        """Offer these mixtures."""
        self.blend.clear()
        self.blend.addItems(["Key a blend here", *names])

    @Slot(int)
    def _on_blend(self, number: int) -> None:
        if number > 0:
            self.blend_chosen.emit(self.blend.itemText(number))
        self.blend.setCurrentIndex(0)


class FilteredPanel(Panel):
    """Many values, and a field that narrows them down.

    Parameters
    ----------
    hint : str
        Shown in the empty field.
    tip : str
        Of the values.
    """

    def __init__(self, hint: str, tip: str) -> None:
        super().__init__()
        self._rows: tuple[Row, ...] = ()
        self.filter = QLineEdit(placeholderText=hint, clearButtonEnabled=True)
        self.filter.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.filter.textChanged.connect(self._on_filter)
        holder = QWidget()
        row = QVBoxLayout(holder)
        row.setContentsMargins(10, 2, 10, 2)
        row.addWidget(self.filter)
        self.values = ValueList(f"{tip} {DRAG_TIP}")
        self.column.addWidget(holder)
        self.add_scrolled(self.values)

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these rows, as far as the filter lets them through."""
        self._rows = rows
        self._on_filter()

    @Slot()
    def _on_filter(self) -> None:
        wanted = self.filter.text().lower().split()
        shown: list[Row] = []
        heading: Row | None = None
        for row in self._rows:
            if row.heading:
                heading = row
            elif all(word in f"{heading.label if heading else ''} {row.label}".lower() for word in wanted):
                if heading is not None and heading not in shown:
                    shown.append(heading)
                shown.append(row)
        self.values.set_rows(tuple(shown))


class Choices(QComboBox):
    """A menu that is asked what it offers when it is opened, and not at every edit."""

    opening = Signal()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw a name that is too long with its middle left out: its ends tell names apart."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        middle = Qt.TextElideMode.ElideMiddle
        option.currentText = self.fontMetrics().elidedText(option.currentText, middle, field.width() - 4)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def showPopup(self) -> None:  # noqa: N802
        """Open, up to date."""
        self.opening.emit()
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + POPUP_MARGIN)
        super().showPopup()


class SpeechPanel(Panel):
    """Model, posture in pauses, protection of articulation, and intensities at the playhead."""

    model_chosen = Signal(str)
    rest_chosen = Signal(str)
    speaker_chosen = Signal(str)
    residual_chosen = Signal(str)
    RESTS = (("closed", "Lips closed"), ("natural", "Slightly parted"))
    RESIDUALS = (("learned", "Follow the speech"), ("constant", "Held still"))

    def __init__(self) -> None:
        super().__init__()
        self.model, self.rest, self.residual = Choices(), QComboBox(), QComboBox()
        self.speaker = Choices()
        self.speaker.setToolTip("In whose manner it speaks, of those the model learnt from")
        self.model.setToolTip(
            "Speech model that hears the recording; drop a trained .safetensors file to add it.\n"
            "C goes back and forth between the last two."
        )
        self.rest.setToolTip("How the mouth rests in pauses")
        self.residual.setToolTip("Whether emotions accent with the voice and yield to it, or are a bare pose")
        for box, choices in ((self.rest, self.RESTS), (self.residual, self.RESIDUALS)):
            for value, title in choices:
                box.addItem(title, value)
        form = self.form = QFormLayout()
        form.setContentsMargins(12, 2, 10, 0)
        form.setVerticalSpacing(4)
        form.setHorizontalSpacing(12)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, field in (
            ("Model", self.model),
            ("Manner", self.speaker),
            ("In pauses", self.rest),
            ("Emotions", self.residual),
        ):
            form.addRow(label(text, "dim"), field)
        self.values = ValueList(f"How strongly each part of the face speaks. {DRAG_TIP}")
        self.column.addLayout(form)
        self.add_scrolled(self.values)
        self.model.activated.connect(lambda: self.model_chosen.emit(self.model.currentData()))
        self.speaker.activated.connect(lambda: self.speaker_chosen.emit(self.speaker.currentData()))
        self.rest.activated.connect(lambda: self.rest_chosen.emit(self.rest.currentData()))
        self.residual.activated.connect(lambda: self.residual_chosen.emit(self.residual.currentData()))

    def set_models(self, models: Mapping[str, str], chosen: str) -> None:
        """Offer these models, by what chooses them: what they are called."""
        if models != {self.model.itemData(k): self.model.itemText(k) for k in range(self.model.count())}:
            self.model.clear()
            for number, (model, title) in enumerate(models.items()):
                self.model.addItem(title, model)
                self.model.setItemData(number, model, Qt.ItemDataRole.ToolTipRole)
        self.model.setCurrentIndex(self.model.findData(chosen))

    def set_speakers(self, speakers: Sequence[str]) -> None:
        """Offer to speak like these; there is no such choice where there are none."""
        self.form.setRowVisible(self.speaker, bool(speakers))
        if list(speakers) != [self.speaker.itemData(k) for k in range(1, self.speaker.count())]:
            self.speaker.clear()
            self.speaker.addItem("Nobody's", "")
            for speaker in speakers:
                self.speaker.addItem(speaker, speaker)

    def set_hears_phones(self, hears: bool) -> None:
        """Offer a posture in pauses; networks that hear no phones have their own."""
        self.form.setRowVisible(self.rest, hears)

    def set_speaker(self, speaker: str) -> None:
        """Show in whose manner it speaks."""
        self.speaker.setCurrentIndex(max(self.speaker.findData(speaker), 0))

    def set_residual(self, residual: str) -> None:
        """Show how emotions are worn."""
        self.residual.setCurrentIndex(max(self.residual.findData(residual), 0))

    def set_rest(self, rest: str) -> None:
        """Show the posture that holds."""
        self.rest.setCurrentIndex(max(self.rest.findData(rest), 0))
