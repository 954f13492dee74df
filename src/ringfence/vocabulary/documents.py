"""YAML documents that people write, read strictly.

Every scalar stays the text that was written (`NO` is Norway, `012` is `012`), a key given twice or a
key we do not know is refused, and every complaint names the file and the line and shows what would be right.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from .complaints import in_words
from .nearest import did_you_mean
from .plain import PlainError

Path_ = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class DocumentError(PlainError):
    """A document that cannot be used, with every complaint about it."""

    def __init__(self, complaints: Sequence[str]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(complaints))


class Strict(BaseModel):
    """The ground of every document model: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


@dataclass(frozen=True)
class Document:
    """A parsed document: nested dicts, lists, strings and None, with the line of every node."""

    name: str
    data: Any
    lines: Mapping[Path_, int]

    def into(self, model: type[Model], faults: Callable[[Model], Iterable[tuple[Path_, str]]] = lambda _: ()) -> Model:
        """Return the document as `model`.

        Args:
            model: the shape of the document.
            faults: yields what is wrong between its parts, with where each stands.

        Raises:
            DocumentError: with one complaint for each fault, in the order of the lines.
        """
        try:
            read = model.model_validate(self.data)
            complaints = [f"{self.name}:{self.line(at)}: {complaint}" for at, complaint in faults(read)]
            if complaints:
                raise DocumentError(complaints)
            return read
        except ValidationError as error:
            found = error.errors(include_url=False)
            deepest = [e for e in found if not any(_follows(e, other) for other in found)]
            wrong = sorted((self.line(e["loc"]), self._complaint(model, e)) for e in deepest)
            raise DocumentError(list(dict.fromkeys(text for _, text in wrong))) from None

    def line(self, loc: Sequence[str | int]) -> int:
        """Return the line of the deepest node on the way to `loc` that the document has."""
        path = tuple(loc)
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def _complaint(self, model: type[BaseModel], error: ErrorDetails) -> str:
        loc = tuple(error["loc"])
        where = f"{self.name}:{self.line(loc)}"
        owner, key = _model_at(model, loc[:-1]), str(loc[-1]) if loc else ""
        if error["type"] == "extra_forbidden" and owner:
            known = [field.alias or name for name, field in owner.model_fields.items()]
            return (
                f"{where}: `{key}` is not a key of {_title(owner)}.\n"
                f"  It has: {', '.join(known)}.{did_you_mean(key, known)}"
            )
        if error["type"] == "missing" and owner:
            return f"{where}: {_title(owner)} needs the key `{key}`."
        if error["type"] == "model_type":
            at = _model_at(model, loc) or model
            given = "a list" if isinstance(error["input"], list) else f"`{error['input']}`"
            keys = ", ".join(field.alias or name for name, field in at.model_fields.items())
            return f"{where}: {_title(at)} is keys and values, and here stands {given}. Its keys: {keys}."
        path = ".".join(str(part) for part in loc)
        return f"{where}: {in_words(error)}" + (f"\n  At: {path}" if path else "")


def read_document(path: Path, *, name: str | None = None) -> Document:
    """Parse the YAML file at `path`; `name` is what errors call it (default: the path as given).

    Raises:
        DocumentError: the file is missing, is not UTF-8, is not YAML, or gives a key twice.
    """
    called = name or str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DocumentError([f"{called}: there is no such file."]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DocumentError([f"{called}:{line}: this file is not UTF-8 text. Save it as UTF-8."]) from None
    return parse_document(text, name=called)


def parse_document(text: str, *, name: str) -> Document:
    """Parse YAML `text`; see `read_document`."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DocumentError([f"{name}:{line}: this is not YAML: {error.problem}."]) from None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise DocumentError([f"{name}:{line}: this is not YAML: a control character. Remove it."]) from None
    if root is None:
        raise DocumentError([f"{name}: the file is empty."])
    plain = _Plain(name)
    data = plain.read(root, ())
    if plain.complaints:
        raise DocumentError(plain.complaints)
    return Document(name, data, plain.lines)


class _Plain:
    """Reads nodes into dicts, lists, strings and None, keeping the line of each."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Path_, int] = {}
        self.complaints: list[str] = []
        self._around: list[yaml.Node] = []

    def read(self, node: yaml.Node, path: Path_) -> Any:  # noqa: ANN401
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if any(node is outer for outer in self._around):
            self.complaints.append(f"{self.name}:{line}: this refers to itself. Write it out.")
            return None
        self._around.append(node)
        try:
            return self._inside(node, path)
        finally:
            self._around.pop()

    def _inside(self, node: yaml.Node, path: Path_) -> Any:  # noqa: ANN401
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(n, (*path, i)) for i, n in enumerate(node.value)]
        empty = getattr(node, "style", None) is None and node.value in ("", "~", "null")
        return None if empty else str(node.value)

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in found:
                first = self.lines[(*path, key)]
                again = f"`{key}` is given twice, here and on line {first}. Keep one."
                self.complaints.append(f"{self.name}:{line}: {again}")
            self.lines.setdefault((*path, key), line)
            found[key] = self.read(value_node, (*path, key))
        return found


def _follows(error: ErrorDetails, other: ErrorDetails) -> bool:
    """Whether a list is too short only because one of its entries was refused."""
    return error["type"] == "too_short" and other["loc"][:-1] == error["loc"] and other is not error


def _model_at(model: type[BaseModel], loc: Sequence[str | int]) -> type[BaseModel] | None:
    at: Any = model
    for part in loc:
        if isinstance(part, int) or at is None:
            continue
        owner = _first_model(at)
        field = _field(owner, part) if owner else None
        at = field if field is not None else at
    return _first_model(at)


def _field(model: type[BaseModel], part: str) -> Any:  # noqa: ANN401
    for name, field in model.model_fields.items():
        if part in (name, field.alias):
            return field.annotation
    return None


def _first_model(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (Union, UnionType, tuple, list, dict) or get_args(annotation):
        for inner in get_args(annotation):
            if found := _first_model(inner):
                return found
    return None


def _title(model: type[BaseModel]) -> str:
    return str(model.model_config.get("title") or model.__name__)
