"""Fixtures shared by all tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from core.inference.remembered import LIST_VARIABLE

# A busy machine may take a second over any example; how quick things are is measured by `make bench`.
settings.register_profile("without a clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("without a clock")


@pytest.fixture(scope="session", autouse=True)
def _no_models_of_the_users_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is trained in tests is not offered by the tester's editor, nor the other way round."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(LIST_VARIABLE, str(tmp_path_factory.mktemp("models") / "models.json"))
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of others' recordings, heads and captures, kept beside the repository and never in it."""
    for parent in Path(__file__).resolve().parents:
        folder = parent / "shared" / "data"
        if folder.is_dir():
            return folder
    pytest.skip("recordings and heads of others (../shared/data) are not on this machine")
