"""The timeline widget."""

from editor.views.timeline.timeline import Timeline

__all__ = ["Timeline"]
