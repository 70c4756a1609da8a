"""Fixtures of tests of training."""

from collections.abc import Iterator

import pytest

from core.inference.cache import FOLDER_VARIABLE


@pytest.fixture(scope="session", autouse=True)
def caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what is heard out of the caches of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER_VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield
