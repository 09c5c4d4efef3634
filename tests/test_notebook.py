"""The example notebook, run from its first cell to its last on the bundled newsroom."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path
from typing import Any

import pytest

from tests.running import ROOT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what Jupyter's own packages have to say to each other
    import nbformat
    from nbclient import NotebookClient

NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Any:
    return nbformat.read(request.param, as_version=4)


@pytest.mark.filterwarnings("ignore")
def test_a_notebook_runs_on_the_newsroom(
    notebook: Any, crawled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(crawled, tmp_path / "hemeroteca-demo.db")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.delenv("HEMEROTECA_ARCHIVE", raising=False)
    place = {"metadata": {"path": str(tmp_path)}}
    done = NotebookClient(notebook, timeout=120, resources=place).execute()
    printed = [output for cell in done.cells for output in cell.get("outputs", [])]
    assert not [output for output in printed if output.get("name") == "stderr"]
    pictures = [output for output in printed if "image/png" in output.get("data", {})]
    assert len(pictures) == 3
    shown = [output["data"]["text/plain"] for output in printed if "data" in output]
    assert "{'faro': 63}" in shown
    assert any("SHA-256 of the capture" in text for text in shown)
    assert (tmp_path / "extortion.parquet").exists()


def test_a_notebook_is_kept_without_its_outputs(notebook: Any) -> None:
    """What it prints differs from machine to machine; whoever reads it runs it."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells
    assert not [cell for cell in cells if cell.outputs or cell.execution_count]
