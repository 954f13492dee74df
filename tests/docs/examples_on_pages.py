"""Reading and running the examples on a page of the documentation.

A ``console`` block: a line that begins with ``$ `` is a command; the lines up to the next command are what it prints,
both streams together. ``...`` on a line of its own stands for any lines, and inside a line for any text. A command
with no line after it prints nothing. Commands end well, unless ``<!-- exits with N -->`` stands just before the block:
then its last command ends with N.

A ``sh`` block under ``<!-- run -->`` and a ``python`` block are run whole; what they print is not compared. A block
is left out only where ``<!-- not run: REASON -->`` stands just before it.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

SHELL = ("sh", "bash", "shell")
RUN = (*SHELL, "console", "python")


class UnclearBlockError(Exception):
    """A block of which the page does not say whether it is run."""


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its lines, the line it begins on, and the comment just before it."""

    language: str
    lines: tuple[str, ...]
    at: int
    comment: str

    @property
    def status(self) -> int:
        found = re.fullmatch(r"exits with (\d+)", self.comment)
        return int(found[1]) if found else 0


@dataclass(frozen=True)
class Step:
    """A command, or a script; what it should print, where that is said; and how it should end."""

    command: tuple[str, ...]
    said: str
    at: int
    output: tuple[str, ...] | None = None
    status: int = 0


def blocks(text: str) -> Iterator[Block]:
    lines, at = text.splitlines(), 0
    while at < len(lines):
        opened = re.fullmatch(r"(\s*)(`{3,})\s*([\w-]*).*", lines[at])
        if not opened:
            at += 1
            continue
        indent, fence, language = opened.groups()
        comment = re.fullmatch(r"\s*<!--\s*(.*?)\s*-->\s*", lines[at - 1] if at else "")
        begins = at + 1
        body = []
        while (at := at + 1) < len(lines) and not re.fullmatch(rf"\s*{fence}\s*", lines[at]):
            body.append(lines[at].removeprefix(indent))
        yield Block(language, tuple(body), begins, comment[1] if comment else "")
        at += 1


def steps(text: str) -> Iterator[Step]:
    """Yield what a page asks to be run, in order."""
    for block in blocks(text):
        if block.language not in RUN or re.fullmatch(r"not run: .+", block.comment):
            continue
        if block.language == "console":
            yield from _commands(block)
        elif block.language == "python":
            script = "\n".join(block.lines)
            yield Step((sys.executable, "-c", script), script, block.at, status=block.status)
        elif block.comment == "run":
            script = "\n".join(block.lines)
            yield Step(("bash", "-euc", script), script, block.at)
        else:
            raise UnclearBlockError(
                f"line {block.at}: say `<!-- run -->` or `<!-- not run: REASON -->` before this {block.language} block."
            )


def _commands(block: Block) -> Iterator[Step]:
    begins = [n for n, line in enumerate(block.lines) if line.startswith("$ ")]
    if not begins or begins[0] != 0:
        raise UnclearBlockError(f"line {block.at}: a console block begins with a command, `$ …`.")
    for this, following in zip(begins, [*begins[1:], len(block.lines)], strict=True):
        said = block.lines[this].removeprefix("$ ")
        output = block.lines[this + 1 : following]
        last = following == len(block.lines)
        yield Step(("bash", "-c", said), said, block.at + this + 1, _trimmed(output), block.status if last else 0)


def complaint(step: Step, folder: Path) -> str:
    """Run a step in `folder`; return what is wrong with what came of it, or nothing."""
    done = subprocess.run(
        step.command,
        cwd=folder,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    printed = _trimmed(done.stdout.splitlines())
    as_said = step.output is None or matches(step.output, printed)
    if as_said and done.returncode == step.status:
        return ""
    diff = unified_diff(step.output or (), printed, "the page says", "it printed", lineterm="")
    ended = f"It ended with {done.returncode}; right is {step.status}."
    return "\n".join([f"line {step.at}: {step.said}", ended, *(printed if as_said else diff), ""])


def matches(expected: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    """Whether `printed` is what `expected` says, with `...` for anything."""
    if not expected:
        return not printed
    first, rest = expected[0], expected[1:]
    if first.strip() == "...":
        return any(matches(rest, printed[n:]) for n in range(len(printed) + 1))
    return bool(printed) and _fits(first, printed[0]) and matches(rest, printed[1:])


def _fits(expected: str, printed: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in expected.split("..."))
    return re.fullmatch(pattern, printed) is not None


def _trimmed(lines: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Return lines without blanks at their ends and at the end of all."""
    kept = [line.rstrip() for line in lines]
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def _environment() -> dict[str, str]:
    here = Path(sys.executable).parent  # not resolved: in a virtual environment this is where `ringfence` is
    path = f"{here}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8", "COLUMNS": "100", "PYTHONUNBUFFERED": "1"}
