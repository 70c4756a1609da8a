"""Qt's side of the table of actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

from editor.actions import ACTIONS, MENUS, Action
from editor.session import Session
from editor.views.theme import icon


class ActionSet(QObject):
    """One QAction for each record.

    Parameters
    ----------
    window : QWidget
        In which the shortcuts work.
    handlers : mapping of str to callable
        What each action does, by id.

    Raises
    ------
    KeyError
        If an action has no handler.
    """

    def __init__(self, window: QWidget, handlers: Mapping[str, Callable[[], object]]) -> None:
        super().__init__(window)
        self._made = {record.id: self._make(record, handlers[record.id]) for record in ACTIONS}
        window.addActions(list(self._made.values()))

    def __getitem__(self, action_id: str) -> QAction:
        return self._made[action_id]

    def fill(self, bar: QMenuBar) -> None:
        """Make the menus."""
        for title in MENUS:
            menu = bar.addMenu(title)
            menu.setObjectName(title)
            for record in ACTIONS:
                if record.menu == title:
                    if record.title.startswith("-"):
                        menu.addSeparator()
                    menu.addAction(self._made[record.id])

    def refresh(self, session: Session) -> None:
        """Enable and tick what fits the session now."""
        for record in ACTIONS:
            action = self._made[record.id]
            action.setEnabled(record.when(session))
            if record.checked is not None:
                action.setChecked(record.checked(session))

    def _make(self, record: Action, handler: Callable[[], object]) -> QAction:
        action = QAction(record.title.removeprefix("-"), self)
        action.setObjectName(record.id)
        if record.icon:
            action.setIcon(icon(record.icon))
            action.setIconVisibleInMenu(False)
        action.setShortcuts([QKeySequence(keys) for keys in record.shortcuts])
        action.setCheckable(record.checked is not None)
        action.setToolTip(_tip(record))
        action.triggered.connect(lambda _checked=False: handler())
        return action


def _tip(record: Action) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    keys = ", ".join(QKeySequence(keys).toString(native) for keys in record.shortcuts)
    more = f": {record.tip}" if record.tip else ""
    return f"{record.label}{more}" + (f"  ({keys})" if keys else "")
