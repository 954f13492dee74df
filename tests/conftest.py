"""What every test shares: the real data, and the rule that in CI nothing is skipped in silence."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout import REPOSITORY
from hypothesis import HealthCheck, settings

REAL_DATA_ABSENT = "real data is absent"

# Random tests are the same on every run; failures found with other seeds become named examples.
settings.register_profile("ringfence", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ringfence")


@pytest.fixture(scope="session")
def real_hospital() -> Path:
    """The real hospital's folder; skips, saying so, where it is absent."""
    root = Path(os.environ.get("RINGFENCE_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    folder = root / "imp4_hospital"
    if not folder.is_dir():
        pytest.skip(f"{REAL_DATA_ABSENT}: set RINGFENCE_REAL_DATA to the folder that holds imp4_hospital")
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """In CI a skip is a failure, except for real data that is absent."""
    report = yield
    skipped = report.skipped and not hasattr(report, "wasxfail")
    if skipped and os.environ.get("CI") == "true" and REAL_DATA_ABSENT not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where nothing may be: {report.longrepr}"
    return report
