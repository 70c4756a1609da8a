"""``main.py evaluate --data``: tables, pictures and a film, and one sentence for what cannot be judged."""

import json
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from core.export.watch import Watch
from core.landmark_points import landmarks_of
from core.library import default_rig
from core.mesh import Mesh
from main import main
from models.toolbox.motion_file import save_motion_model
from models.toolbox.motion_space import RestFace
from models.training.datasets.blendshape_writers import write_live_link
from models.training.datasets.mediapipe import SPACE as LANDMARKS
from models.training.datasets.writers import write_faceformer
from models.training.landmarks.contours import INNER_LIPS, OUTER_LIPS
from models.training.metrics.masks import Mask
from models.training.reports import evaluation
from models.training.reports.film import EDGE, GAP, PANEL, SIZE, TOP, Shot, ending_of, heat, write_film
from models.training.reports.judged_head import head_of
from models.training.reports.panels import panel
from models.training.synthetic.faces import figure, with_faces
from tests.models.training.reports.spoken_lines import RATE, line, model

SPEAKERS = ("m1", "f1", "m3")


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("takes")
    for number, speaker in enumerate(SPEAKERS):
        (folder / speaker).mkdir()
        write_live_link(folder, [line(f"{speaker}/{take}", seed=10 * number + take) for take in (1, 2)])
    save_motion_model(folder / "weights.safetensors", model())
    return folder


def test_a_report_is_whole(takes: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.setattr(evaluation, "LONGEST_SHOT", 0.2)
    out = tmp_path / "report"
    assert main(["evaluate", str(takes / "weights.safetensors"), "--data", str(takes), "-o", str(out)]) == 0
    said = capsys.readouterr().out
    assert "2 held-out lines" in said
    assert "the default head's red lips (408 vertices)" in said
    row = next(each for each in said.splitlines() if each.startswith("LVE, maximum, mm"))
    _, mean, _, truth = map(float, row.split()[-4:])
    assert mean > 1
    assert truth == 0
    found = json.loads((out / "figures.json").read_text())
    (network,) = found["networks"]
    assert network["name"] == "weights"
    assert f"{network['pooled']['mean face']['LVE, maximum, mm']:.3f}" == row.split()[-3]
    assert len(network["lines"]) == 2
    assert network["pooled"]["truth"]["closure recall"] == 1
    table = (out / "table.md").read_text()
    assert "| LVE, maximum, mm |" in table
    for name in ("curves.png", "errors.png"):
        with Image.open(out / name) as picture:
            assert picture.size[0] > 1200
            assert len(np.unique(np.asarray(picture.convert("L")))) > 50
    with av.open(str(out / "side_by_side.mp4")) as film:
        assert len(film.streams.audio) == 1
        assert film.streams.video[0].average_rate == 60
        assert sum(1 for _ in film.decode(video=0)) == 2 * 12


def test_networks_of_two_spaces_share_a_table_on_one_head(takes: Path, tmp_path: Path, capsys) -> None:
    data = tmp_path / "data"
    lines = list(with_faces((line(f"{speaker}_1", seed=n) for n, speaker in enumerate(SPEAKERS)), 1e-3))
    write_faceformer(data, lines)
    mesh = figure("m1").mesh
    rest = RestFace(mesh.vertices / np.float32(1000), mesh.face_sizes, mesh.face_vertices)
    save_motion_model(tmp_path / "vertices.safetensors", model("vertices:own", mesh.vertices.size, rest))
    checkpoints = [str(tmp_path / "vertices.safetensors"), str(takes / "weights.safetensors")]
    assert main(["evaluate", *checkpoints, "--data", str(data)]) == 0
    said = capsys.readouterr().out
    row = next(each for each in said.splitlines() if each.startswith("LVE, maximum, mm"))
    values = [float(word) for word in row.split()[3:]]
    assert len(values) == 4  # both networks, the mean face, another line's sound
    assert all(0.1 < value < 40 for value in values)
    assert "1000 mm a unit" in said


@pytest.mark.parametrize(
    ("mask", "reason"),
    [
        ("1, 2, lips", "holds 'lips' where a vertex number was expected"),
        ("999999", "asks for vertex 999999, which is none"),
    ],
)
def test_a_bad_mask_is_one_line(mask: str, reason: str, takes: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "mask.txt").write_text(mask)
    words = ["evaluate", str(takes / "weights.safetensors"), "--data", str(takes)]
    assert main([*words, "--mask", str(tmp_path / "mask.txt")]) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert reason in said


def test_a_unit_of_nothing_is_one_line(takes: Path, capsys) -> None:
    words = ["evaluate", str(takes / "weights.safetensors"), "--data", str(takes), "--millimetres", "-1"]
    assert main(words) == 2
    assert capsys.readouterr().err == "main.py: --millimetres: -1 is not above 0\n"


def test_a_dataset_without_lines_to_judge_by_is_one_line(takes: Path, tmp_path: Path, capsys) -> None:
    write_live_link(tmp_path, [line(name) for name in ("one", "two", "three")])
    parts = "\n".join(f"{name}\ttrain" for name in ("one", "two", "three"))
    (tmp_path / "train_test_split.txt").write_text(parts)
    assert main(["evaluate", str(takes / "weights.safetensors"), "--data", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert tmp_path.name in said


def test_what_is_no_network_is_one_line(takes: Path, capsys) -> None:
    wav = next(takes.rglob("*.wav"))
    assert main(["evaluate", str(wav), "--data", str(takes)]) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert wav.name in said


@pytest.mark.parametrize("space", [LANDMARKS, "vertices:own"])
def test_a_film_of_points_shows_them_where_they_are(space: str, tmp_path: Path) -> None:
    rest = landmarks_of(default_rig()).mesh.vertices / np.float32(10)
    none = np.empty(0, np.int32)
    mask = Mask("lips", np.array(INNER_LIPS + OUTER_LIPS))
    head = head_of(space, Mesh(rest, none, none), rest[None], mask, 10.0)
    truth = np.repeat(head.mesh.vertices[None], 3, axis=0)
    answer = truth.copy()
    answer[:, head.lips.vertices, 1] -= 5
    distances = np.linalg.norm(answer - truth, axis=2)
    shot = Shot("a", "b", answer, truth, distances, None, np.zeros(RATE, np.float32))
    write_film(head, [shot], 25, tmp_path / "film.mp4", Watch(3))
    with av.open(str(tmp_path / "film.mp4")) as film:
        picture = next(film.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    assert picture.shape == (SIZE[1], SIZE[0], 3)
    faces = picture[TOP : TOP + PANEL[1]]
    lefts = [EDGE + number * (PANEL[0] + GAP) for number in range(3)]
    said, true, heat_map = (faces[:, left : left + PANEL[0]] for left in lefts)
    for face in (said, true):
        bright = face.min(axis=2) > 100
        assert bright.sum() > 1000
        across, down = np.flatnonzero(bright.any(axis=0)), np.flatnonzero(bright.any(axis=1))
        assert 10 < across[0] < across[-1] < PANEL[0] - 10  # no face touches the edge of its panel
        assert 10 < down[0] < down[-1] < PANEL[1] - 10
    yellow = (heat_map[..., 0] > heat_map[..., 2] + 40) & (heat_map[..., 1] > 100)
    rows = np.flatnonzero(yellow.any(axis=1))
    assert len(rows)
    assert rows.mean() > 0.55 * PANEL[1]  # lips are in the lower half


def test_heat_has_the_colours_of_its_scale() -> None:
    colours = heat(np.array([0.0, 5.0, 9.0, np.nan]), 5.0)
    assert colours[0].tolist() == [68, 1, 84]  # viridis begins
    assert colours[1].tolist() == colours[2].tolist() == [253, 231, 36]  # and ends
    assert len(set(colours[3].tolist())) == 1
    assert [ending_of(most) for most in (0.1, 0.5, 2.1, 99)] == [0.2, 0.5, 3, 50]


def test_a_panel_shows_distances_in_colour() -> None:
    mesh = figure("m1").mesh
    head = head_of("vertices:own", mesh, np.zeros((1, *mesh.vertices.shape), np.float32))
    drawn = panel(head, (200, 260))
    try:
        clay = drawn.picture(head.mesh.vertices)
        far = np.full(len(mesh.vertices), 5.0)
        hot = drawn.picture(head.mesh.vertices, heat(far, 5.0))
    finally:
        drawn.close()
    face = (clay.min(axis=2) > 100).nonzero()
    assert len(face[0]) > 2000
    assert np.median(hot[face][:, 2].astype(int)) < 0.5 * np.median(hot[face][:, 0].astype(int))  # yellow
    assert abs(np.median(clay[face][:, 2].astype(int) - clay[face][:, 0])) < 60
