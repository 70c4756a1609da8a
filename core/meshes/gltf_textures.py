"""Base colour textures of a glTF file: in its buffers, in its text, or beside it."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import unquote

import numpy as np

from core.errors import InputError
from core.mesh import Indices, Pixels, Texture
from core.meshes.gltf_data import GltfFile
from core.meshes.textures import beside, decode_picture, read_picture


def base_colours(file: GltfFile, worn: list[tuple[int, Indices]]) -> tuple[Texture, ...]:
    """Read the pictures of materials' base colours; materials that share an image make one texture.

    Parameters
    ----------
    file : GltfFile
    worn : list of (int, ndarray)
        Material and faces of each primitive that has texture coordinates.
    """
    faces_of: dict[int | None, list[Indices]] = {}
    for material, faces in worn:
        surface = file.gltf.materials[material].pbrMetallicRoughness
        if surface is not None and surface.baseColorTexture is not None:
            faces_of.setdefault(_image(file, surface.baseColorTexture), []).append(faces)
    return tuple(
        Texture(_name(file, image), np.unique(np.concatenate(faces)), _pixels(file, image))
        for image, faces in faces_of.items()
    )


def _image(file: GltfFile, use: Any) -> int | None:
    """Find the image of a texture's use; None if it is placed or packed in a way that is not known here."""
    if use.texCoord or "KHR_texture_transform" in (use.extensions or {}):
        return None
    try:
        texture = file.gltf.textures[use.index]
        webp = (texture.extensions or {}).get("EXT_texture_webp")
        source = texture.source if webp is None else webp["source"]
        return int(source) if 0 <= source < len(file.gltf.images) else None
    except (IndexError, KeyError, TypeError):
        return None


def _name(file: GltfFile, number: int | None) -> str:
    if number is None:
        return "its texture"
    image = file.gltf.images[number]
    embedded = image.uri is None or image.uri.startswith("data:")
    return image.name or (f"image {number + 1}" if embedded else image.uri)


def _pixels(file: GltfFile, number: int | None) -> Pixels | None:
    if number is None:
        return None
    image = file.gltf.images[number]
    try:
        if image.uri is None:
            return decode_picture(file.view(image.bufferView))
        if image.uri.startswith("data:"):
            return decode_picture(base64.b64decode(image.uri.partition(",")[2]))
        return read_picture(beside(file.path, unquote(image.uri)))
    except (InputError, IndexError, TypeError, ValueError):
        return None  # unlike a broken mesh, a broken picture keeps no one from speaking
