"""A wheel, installed outside the checkout, runs the demo."""

import os
import subprocess
import sys
from pathlib import Path

from checkout import REPOSITORY


def run(*command: str, cwd: Path) -> str:
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_wheel_built_and_installed_outside_the_checkout_runs_the_demo(tmp_path):
    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "-w",
        str(tmp_path / "dist"),
        str(REPOSITORY),
        cwd=tmp_path,
    )
    (wheel,) = (tmp_path / "dist").glob("ringfence-*.whl")
    run(sys.executable, "-m", "venv", str(tmp_path / "venv"), cwd=tmp_path)
    pip = str(tmp_path / "venv" / "bin" / "pip")
    run(pip, "install", "-q", "--require-hashes", "-r", str(REPOSITORY / "locks" / "core.txt"), cwd=tmp_path)
    run(pip, "install", "-q", "--no-deps", str(wheel), cwd=tmp_path)
    said = run(str(tmp_path / "venv" / "bin" / "ringfence"), "demo", "--out", "out", cwd=tmp_path)
    assert "Report:" in said
    assert (tmp_path / "out" / "report.html").stat().st_size > 10_000
    assert (tmp_path / "out" / "sheet-carrier.html").is_file()
    french = [str(tmp_path / "venv" / "bin" / "python"), "-c", "from ringfence.press import phrases; phrases('fr')"]
    run(*french, cwd=tmp_path)
    where = run(
        str(tmp_path / "venv" / "bin" / "python"), "-c", "import ringfence; print(ringfence.__file__)", cwd=tmp_path
    )
    assert str(REPOSITORY) not in where
