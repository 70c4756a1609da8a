"""What is said in the recording, typed or pasted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import InputError
from core.inference.text import words_of
from core.transcript import LANGUAGE, Transcript, entries_for
from editor.views.parts import label

LANGUAGES = ("en-us", "en-gb", "de", "fr-fr", "es", "it", "pt-br", "nl", "sv", "pl", "cs", "ru", "tr", "cmn",
             "ja", "ko", "hi", "ar")  # fmt: skip


class TranscriptDialog(QDialog):
    """Edits a `Transcript`; an empty text means none."""

    def __init__(self, parent: QWidget, transcript: Transcript | None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Transcript")
        self.setMinimumSize(520, 320)
        given = transcript or Transcript("")
        self._dictionary: Path | None = None
        self._kept = given.dictionary
        self.text = QPlainTextEdit(given.text)
        self.text.setPlaceholderText("What is said in the recording, word for word. It sharpens the lips.")
        self.language = QComboBox(editable=True)
        self.language.addItems(LANGUAGES)
        self.language.setCurrentText(given.language)
        self.language.setToolTip("Any language of espeak-ng by its code")
        self.dictionary = QPushButton("Dictionary..." if not given.dictionary else "Dictionary: in use")
        self.dictionary.setToolTip("A file with a word and its ARPAbet phones in each line, for names")
        self.dictionary.setAutoDefault(False)
        self.dictionary.clicked.connect(self._choose_dictionary)
        self.problem = label(role="dim")
        self.problem.setWordWrap(True)
        self.buttons = QDialogButtonBox()
        self.buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.go = self.buttons.addButton("Use", QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setDefault(True)
        self.buttons.accepted.connect(self._check)
        self.buttons.rejected.connect(self.reject)
        self._arrange()

    def transcript(self) -> Transcript | None:
        """Return the transcript as it is filled in, None for no text.

        Raises
        ------
        InputError
            If the dictionary is none.
        """
        text = self.text.toPlainText().strip()
        if not text:
            return None
        words = entries_for(text, self._dictionary) if self._dictionary else self._kept
        return Transcript(text, self.language.currentText().strip() or LANGUAGE, words)

    def _check(self) -> None:
        try:
            transcript = self.transcript()
            if transcript is not None:
                words_of(transcript)
        except InputError as error:
            self.problem.setText(str(error))
        else:
            self.accept()

    def _choose_dictionary(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Pronouncing dictionary")
        if name:
            self._dictionary = Path(name)
            self.dictionary.setText(f"Dictionary: {self._dictionary.name}")

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.addWidget(label("Language", "dim"))
        row.addWidget(self.language)
        row.addSpacing(12)
        row.addWidget(self.dictionary)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addWidget(self.text, 1)
        column.addLayout(row)
        column.addWidget(self.problem)
        column.addWidget(self.buttons)
