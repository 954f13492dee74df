"""Rules of the house that no linter knows."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from checkout import REPOSITORY

SOURCE = REPOSITORY / "src" / "ringfence"
ROOMS = sorted(p.name for p in SOURCE.iterdir() if (p / "__init__.py").is_file())
MODULES = sorted(SOURCE.rglob("*.py"))


def test_every_room_of_the_design_is_there():
    assert set(ROOMS) == {
        "assess", "chain", "cli", "detect", "feeds", "inform", "policy", "press", "record", "report", "scale",
        "server", "simulate", "trace", "vocabulary",
    }  # fmt: skip


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_tells_its_story_and_names_what_it_offers(room):
    tree = ast.parse((SOURCE / room / "__init__.py").read_text(encoding="utf-8"))
    assert len(ast.get_docstring(tree) or "") > 200
    assert any(isinstance(n, ast.Assign) and n.targets[0].id == "__all__" for n in tree.body)


@pytest.mark.parametrize("module", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_code_of_another_room_imports_the_room_and_not_a_module_inside_it(module):
    own = module.relative_to(SOURCE).parts[0]
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").startswith("ringfence."):
            room, *inside = node.module.split(".")[1:]
            assert not inside or room == own, f"{node.module} in {module.name}"


@pytest.mark.parametrize("module", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_only_the_edges_read_the_clock(module):
    room = module.relative_to(SOURCE).parts[0]
    calls = re.findall(
        r"\b(?:datetime\.now|date\.today|time\.time|datetime\.utcnow)\(", module.read_text(encoding="utf-8")
    )
    assert not calls or room in ("cli", "server")


def test_no_lock_file_names_a_host():
    for lock in (REPOSITORY / "locks").glob("*.txt"):
        hosts = set(re.findall(r"https?://([^/\s]+)", lock.read_text()))
        assert hosts <= {"pypi.org", "files.pythonhosted.org"}, lock.name


def test_every_dependency_says_what_it_is_for():
    lines = (REPOSITORY / "pyproject.toml").read_text().splitlines()
    declared = [line for line in lines if re.match(r'^\s+"[a-z0-9-]+[><=~]', line)]
    assert len(declared) > 10
    assert [line for line in declared if "# " not in line] == []


def test_no_run_time_dependency_is_gpl():
    from importlib.metadata import distribution

    locked = re.findall(r"^([a-z0-9-]+)==", (REPOSITORY / "locks" / "core.txt").read_text(), re.MULTILINE)
    assert "pyarrow" in locked
    for name in locked:
        about = distribution(name).metadata
        licence = f"{about.get('License-Expression') or about.get('License') or ''} {about.get_all('Classifier') or []}"
        assert not re.search(r"\bA?GPL|General Public License(?! v?\d? ?\(LGPL)", licence.replace("LGPL", "")), name


def test_the_wheel_carries_every_folder_that_shipped_looks_in():
    built = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    used = {m for p in MODULES for m in re.findall(r'shipped\("([a-z]+)"', p.read_text(encoding="utf-8"))}
    assert used == set(built["force-include"])


def test_the_project_speaks_of_the_project_alone():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    said = re.compile(r"/work/|/home/|/root/", re.IGNORECASE)
    found = []
    for name in filter(None, tracked):
        path = REPOSITORY / name
        if name.startswith("tests/architecture") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        found += [name] if said.search(text) else []
    assert found == []


@pytest.mark.parametrize(
    "name", ["LICENSE", "README.md", "GLOSSARY.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
)
def test_the_files_a_newcomer_looks_for_are_there(name):
    assert len(Path(REPOSITORY / name).read_text(encoding="utf-8")) > 300
