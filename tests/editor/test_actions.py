"""The table of commands."""

from __future__ import annotations

from core.paths import ASSETS
from editor.actions import ACTIONS, MENUS
from editor.session import Session
from tests.editor_factories import give_track, open_session

SHORTCUTS = [keys for action in ACTIONS for keys in action.shortcuts]


def test_ids_and_shortcuts_are_given_once_and_menus_and_icons_exist() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    assert len(set(SHORTCUTS)) == len(SHORTCUTS)
    for action in ACTIONS:
        assert action.menu in MENUS
        assert not action.icon or (ASSETS / "icons" / f"{action.icon}.svg").is_file()


def enabled(session: Session) -> set[str]:
    return {action.id for action in ACTIONS if action.when(session)}


def test_what_can_be_done_follows_what_is_open() -> None:
    empty, full = enabled(Session({})), enabled(open_session())
    assert not {"play", "export", "undo", "frame", "loop"} & empty
    assert {"new", "open", "save", "quit", "shortcuts"} <= empty
    assert {"play", "export", "frame", "loop"} <= full
    assert "undo" not in full


def test_undo_and_redo_follow_the_history() -> None:
    session = open_session()
    give_track(session, "joy", [(1.0, 0.5)])
    assert "undo" in enabled(session) and "redo" not in enabled(session)
    session.history.undo()
    assert "redo" in enabled(session) and "undo" not in enabled(session)


def test_keys_an_animator_expects() -> None:
    keys = "Space J K L I O S B Home End Ctrl+L Ctrl+E Ctrl+Shift+E Ctrl+Y F1 ?"
    assert set(keys.split()) <= set(SHORTCUTS)
