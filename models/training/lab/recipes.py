"""Which network learns how: a recipe for each research system and variant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from models.toolbox.encoded_net import ENCODER, TRAINED, described
from models.toolbox.encoder_folders import parsed
from models.toolbox.listening import SOUND, fixed
from models.toolbox.motion_card import Option
from models.training.lab.fit_config import FitConfig
from models.training.lab.network_options import check_options, options_of
from models.training.lipreading.guidance import GuidanceConfig


@dataclass(frozen=True)
class Recipe:
    """A network, its options, and how it is trained.

    Attributes
    ----------
    source : str
        What it reproduces.
    ear : str
        What it hears, as `models.toolbox.listening` names it.
    trained : str
        How much of the ear's encoder learns, as in `models.toolbox.encoded_net`; empty where none does.
    pca : float
        Vertices and landmarks are learnt as principal components: as many as keep this share of the variance,
        or this number of them; 0 for as they are.
    style : bool
        Whether the network is told who speaks.
    paces : bool
        Whether lines are learnt at other speeds, too; not those that a dataset brings as it hears them.
    expert : str or None
        File of the lip-reader that watches it learn, empty for the one that ships; None where none does.
    guidance : GuidanceConfig
        What that one is asked, and how hard it pulls.
    """

    network: str
    source: str
    ear: str = "phones"
    trained: str = ""
    pca: float = 0.0
    style: bool = False
    paces: bool = True
    expert: str | None = None
    guidance: GuidanceConfig = field(default_factory=GuidanceConfig)
    options: Mapping[str, Option] = field(default_factory=dict)
    config: FitConfig = field(default_factory=FitConfig)


LETTERS = "deepspeech"
RECIPES: Mapping[str, Recipe] = {
    "editable-transformer": Recipe(
        "transformer", "residual editable lipsync, Transformer", LETTERS, pca=0.99
    ),
    "editable-ddpm": Recipe(
        "diffusion", "residual editable lipsync, DDPM", LETTERS, pca=10, config=FitConfig(steps=4000)
    ),
    "blendshapes": Recipe(
        "conv-windows",
        "52 blendshapes from speech (after VOCA)",
        LETTERS,
        config=FitConfig(steps=4000, rate=3e-3),
    ),
    "face-mesh": Recipe(
        "faceformer",
        "speech to MediaPipe's face mesh",
        options={"autoregressive": False, "align": 2},
        config=FitConfig(optimizer="lion"),
    ),
    "faceformer": Recipe(
        "faceformer",
        "FaceFormer, autoregressive",
        pca=0.99,  # noise on single vertices averages out: it would lean on a past that is too good
        style=True,
        options={"autoregressive": True},
    ),
    "faceformer-parallel": Recipe(
        "faceformer", "FaceFormer, all frames at once", style=True, options={"autoregressive": False}
    ),
    "faceformer-guided": Recipe(
        "faceformer",
        "FaceFormer, autoregressive, watched by a lip-reader",
        pca=0.99,  # a reader that pulls at single vertices tears them apart
        style=True,
        expert="",
        options={"autoregressive": True},
    ),
    "faceformer-parallel-guided": Recipe(
        "faceformer",
        "FaceFormer, all frames at once, watched by a lip-reader",
        pca=0.99,
        style=True,
        expert="",
        options={"autoregressive": False},
    ),
    "voca-rnn": Recipe("recurrent", "VocaGAN family, RNN", LETTERS, pca=0.99),
    "voca-transformer": Recipe(
        "transformer", "VocaGAN family, Transformer", LETTERS, pca=0.99, options={"width": 192, "layers": 4}
    ),
    "voca-vae": Recipe("variational", "VocaGAN family, Transformer + VAE", LETTERS, pca=0.99),
    "voca-gan": Recipe("adversarial", "VocaGAN family, Transformer + GAN", LETTERS, pca=0.99),
    "baseline": Recipe("baseline", "convolutions and attention, all frames at once", pca=0.99),
}

SHAPING = ("network", "ear", "trained", "pca", "style", "paces")
"""What makes the result another one, of the fields that are not of `FitConfig`."""
ASKED = "reader."
"""Words that begin so change what the lip-reader is asked."""
TRUTHS = {"true": True, "false": False}


def overridden(recipe: Recipe, words: list[str]) -> Recipe:
    """Apply ``key=value`` words: fields of `Recipe`, of its configurations, or options of the network.

    Raises
    ------
    ValueError
        A word is no ``key=value``, its value is none, or an encoder is not found.
    """
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise ValueError(f"{word!r} is not key=value")
        if key == "ear":
            recipe = replace(recipe, ear=fixed(value))
        elif key == TRAINED:
            recipe = replace(recipe, trained=value)
        elif key == "pca":
            recipe = replace(recipe, pca=_share(word, value))
        elif recipe.expert is None and (key in ("expert", "reading") or key.startswith(ASKED)):
            raise ValueError(f"{word!r}: no lip-reader watches this recipe")
        elif key == "expert":
            recipe = replace(recipe, expert=value)
        elif key == "reading" or key.startswith(ASKED):
            recipe = replace(recipe, guidance=_guided(recipe.guidance, word, key.removeprefix(ASKED), value))
        elif key == "style":
            recipe = replace(recipe, style=bool(_setting(word, value, bool)))
        elif key == "paces":
            recipe = replace(recipe, paces=bool(_setting(word, value, bool)))
        elif key in FitConfig.__dataclass_fields__:
            kind = type(getattr(recipe.config, key))
            recipe = replace(recipe, config=_configured(recipe.config, key, _setting(word, value, kind)))
        else:
            recipe = replace(recipe, options={**recipe.options, key: _option(word, value)})
    check_options(recipe.network, recipe.options)
    return _with_encoder(recipe) if recipe.trained else recipe


def _with_encoder(recipe: Recipe) -> Recipe:
    """Move the encoder from the ear into the network, which learns it then."""
    own = {ENCODER: described(parsed(recipe.ear)), TRAINED: recipe.trained}
    return replace(recipe, ear=SOUND, options={**recipe.options, **own})


def settled(recipe: Recipe) -> dict[str, Option]:
    """Return what a run of a recipe has to keep to, beside its `FitConfig`."""
    chosen = {name: getattr(recipe, name) for name in SHAPING}
    asked = {f"{ASKED}{name}": value for name, value in asdict(recipe.guidance).items()}
    watched = {} if recipe.expert is None else asked
    own = {**options_of(recipe.network), **recipe.options}
    return {**own, **chosen, "expert": recipe.expert or "", **watched}


def _configured(config: FitConfig, key: str, value: float | str) -> FitConfig:
    changes: dict[str, Any] = {key: value}
    return replace(config, **changes)


def _guided(config: GuidanceConfig, word: str, key: str, value: str) -> GuidanceConfig:
    if key not in GuidanceConfig.__dataclass_fields__:
        raise ValueError(
            f"{word!r}: after {ASKED} stands one of {', '.join(GuidanceConfig.__dataclass_fields__)}"
        )
    changes: dict[str, Any] = {key: _share(word, value, type(getattr(config, key)))}
    return replace(config, **changes)


def _setting(word: str, value: str, kind: type) -> float | str:
    if kind is bool and value not in TRUTHS:
        raise ValueError(f"{word!r}: neither true nor false")
    if kind is bool:
        return TRUTHS[value]
    return value if kind is str else _number(word, value, kind)


def _number(word: str, value: str, kind: type) -> float:
    try:
        return float(kind(value)) if kind is float else int(value)
    except ValueError:
        raise ValueError(f"{word!r}: not {'a number' if kind is float else 'a whole number'}") from None


def _share(word: str, value: str, kind: type = float) -> float:
    found = _number(word, value, kind)
    if not 0 <= found < float("inf"):
        raise ValueError(f"{word!r}: not a number of 0 or more")
    return found


def _option(word: str, value: str) -> Option:
    if value in TRUTHS:
        return TRUTHS[value]
    return int(value) if value.lstrip("-").isdigit() else _number(word, value, float)
