"""What to export and where to, on one small page."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.export.registry import FORMATS
from editor.controllers.exporting import ExportOrder
from editor.views.parts import label

WHAT = {
    ".abc": "for Maya, Blender, Houdini, Unreal",
    ".obj": "one file a frame",
    ".npz": "vertices and channel weights",
    ".mp4": "1280 x 720, to look at",
}


class ExportDialog(QDialog):
    """Edits an `ExportOrder`."""

    def __init__(self, parent: QWidget, order: ExportOrder, duration: float) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export")
        self.setMinimumWidth(460)
        self.formats = {suffix: QCheckBox(self._title(suffix)) for suffix in FORMATS}
        for suffix, box in self.formats.items():
            box.setChecked(suffix in order.suffixes)
            box.toggled.connect(self._check)
        self.name, self.folder = QLineEdit(order.name), QLineEdit(str(order.folder))
        for line in (self.name, self.folder):
            line.textChanged.connect(self._check)
        self.fps = _number(order.fps, 1, 240, " fps")
        self.start = _number(order.start, 0, duration, " s")
        self.end = _number(order.end, 0, duration, " s")
        self.problem = label(role="dim")
        self.buttons = QDialogButtonBox()
        self.buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.go = self.buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        for number in (self.start, self.end, self.fps):
            number.valueChanged.connect(self._check)
        self._arrange()
        self._check()

    def order(self) -> ExportOrder:
        """Return the order as it is filled in."""
        suffixes = tuple(suffix for suffix, box in self.formats.items() if box.isChecked())
        return ExportOrder(
            suffixes, Path(self.folder.text()).expanduser(), self.name.text().strip(),
            self.fps.value(), self.start.value(), self.end.value(),
        )  # fmt: skip

    @staticmethod
    def _title(suffix: str) -> str:
        return f"{FORMATS[suffix]}, {WHAT[suffix]}" if suffix in WHAT else FORMATS[suffix]

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(16)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        for number, box in enumerate(self.formats.values()):
            form.addRow(label("" if number else "Formats", "dim"), box)
        browse = QPushButton("Browse...", autoDefault=False)
        browse.clicked.connect(self._browse)
        form.addRow(label("Name", "dim"), self.name)
        form.addRow(label("Folder", "dim"), _beside(self.folder, browse))
        form.addRow(label("From, to", "dim"), _beside(self.start, self.end))
        form.addRow(label("Frame rate", "dim"), self.fps)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 14)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self.problem)
        column.addWidget(self.buttons)

    @Slot()
    def _check(self) -> None:
        problem = self._problem()
        frames = round((self.end.value() - self.start.value()) * self.fps.value())
        there = [Path(out).name for out in self.order().outputs if Path(out).exists()]
        replaced = f"; replaces {' and '.join(there)}" if there else ""
        self.problem.setText(problem or f"{frames} frames{replaced}")
        self.go.setEnabled(not problem)

    def _problem(self) -> str:
        order = self.order()
        if not order.suffixes:
            return "Choose a format"
        if not order.name:
            return "Give it a name"
        if not order.folder.is_dir():
            return "There is no such folder"
        return "" if order.end > order.start else "The range is empty"

    @Slot()
    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Export to", self.folder.text())
        if chosen:
            self.folder.setText(chosen)


def _number(value: float, low: float, high: float, unit: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox(decimals=3 if unit == " s" else 2, minimum=low, maximum=high, suffix=unit)
    box.setValue(value)
    box.lineEdit().setTextMargins(8, 0, 0, 0)  # style sheets do not reach the field inside
    return box


def _beside(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget, 0 if isinstance(widget, QPushButton) else 1)
    return row
