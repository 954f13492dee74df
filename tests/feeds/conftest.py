"""Folders of made-up input files, and what reading them gave."""

import pytest

from ringfence.feeds import load_mapping, read_folder


@pytest.fixture
def read(tmp_path):
    """Write files by stem (CSV; text or bytes) and read the folder, in our own form or by a mapping's text."""
    folder = tmp_path / "in"
    folder.mkdir()

    def reading(mapping=None, **files):
        for stem, content in files.items():
            data = content if isinstance(content, bytes) else content.encode("utf-8")
            (folder / f"{stem}.csv").write_bytes(data)
        path = None
        if mapping is not None:
            path = tmp_path / "made-up.yaml"
            path.write_text(mapping, encoding="utf-8")
        return read_folder(folder, load_mapping(str(path) if path else None))

    reading.folder = folder
    return reading
