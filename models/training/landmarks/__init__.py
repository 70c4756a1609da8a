"""Landmarks of MediaPipe's face mesh: from films, in metric space, and as films."""
