from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assets.head.agreement import REGIONS, Agreement, agreements, table
from core.library import default_rig


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "templates" / "ict"


def test_channels_move_the_face_as_those_of_another_rig_do(folder: Path) -> None:
    found = list(agreements(folder, default_rig()))
    cosines = {(row.channel, region): value for row in found for region, value in row.cosines.items()}
    assert len(found) >= 30
    assert len(cosines) >= 35
    assert {region for _, region in cosines} == set(REGIONS)
    assert not {place: value for place, value in cosines.items() if value < 0.7}


def test_a_channel_turned_round_does_not_agree(folder: Path) -> None:
    rig = default_rig()
    basis = rig.basis.copy()
    basis[rig.index["mouthSmileLeft"]] *= -1
    found = {row.channel: row.cosines for row in agreements(folder, replace(rig, basis=basis))}
    assert found["mouthSmileLeft"]["lips"] < -0.9
    assert found["mouthFrownLeft"]["lips"] > 0.9


def test_the_table_has_a_row_for_each_channel_and_gaps_where_nothing_moves() -> None:
    lines = table(iter([Agreement("jawOpen", {"jaw": 0.987})])).splitlines()
    assert lines[2] == "| jawOpen |  | 0.99 |  |  |  |"
    assert len(lines) == 3
    assert np.all([line.count("|") == len(REGIONS) + 2 for line in lines])
