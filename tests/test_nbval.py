"""The notebook test itself: a changed number, figure, unrun cell or stderr turns it red, a last-digit difference does not."""

import base64
import importlib.util
import io
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def hardened():
    """notebooks/conftest.py as a module, without its effect on nbval in this process."""
    from nbval.kernel import RunningKernel
    from nbval.plugin import IPyNbCell

    kept = IPyNbCell.runtest, IPyNbCell.compare_outputs, RunningKernel.execute_cell_input
    spec = importlib.util.spec_from_file_location("hardened", ROOT / "notebooks" / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    IPyNbCell.runtest, IPyNbCell.compare_outputs, RunningKernel.execute_cell_input = kept
    return module


@pytest.mark.parametrize(
    ("stored", "came"),
    [
        ("loss 0.123", "loss 0.124"),
        ("loss 9.99", "loss 10.00"),
        ("[0.5 1.25]", "[0.5 1.24]"),
        ("1.5e-07", "1.6e-07"),
        ("x -0.000", "x 0.000"),
        ("two lines\n0.5", "two lines\n0.6"),
    ],
)
def test_one_unit_in_the_last_place_is_rounding(hardened, stored, came):
    assert hardened.text_difference(stored, came) is None


@pytest.mark.parametrize(
    ("stored", "came"),
    [
        ("loss 0.123", "loss 0.125"),
        ("step 100", "step 101"),
        ("0.5 falls", "0.5 rises"),
        ("1.5e-07", "1.5e-06"),
        ("error 2e-11", "error 1e-01"),
        ("below 1e-07", "below 1e-03"),
        ("1.5", "-1.5"),
        ("a\nb", "a"),
        ("a", "a\nb"),
        ("0.5 0.5", "0.5"),
        ("W1 0.5", "W2 0.5"),
        ("nan", "0.5"),
    ],
)
def test_anything_else_is_a_difference(hardened, stored, came):
    assert hardened.text_difference(stored, came)


def png(gray, version):
    from PIL.PngImagePlugin import PngInfo

    buffer, info = io.BytesIO(), PngInfo()
    info.add_text("Software", f"Matplotlib version{version}, https://matplotlib.org/")
    Image.new("RGB", (20, 10), (gray, gray, gray)).save(buffer, "png", pnginfo=info)
    return base64.b64encode(buffer.getvalue()).decode()


def test_pictures_are_compared_within_a_minor_version_of_matplotlib(hardened):
    import matplotlib

    here = matplotlib.__version__
    assert hardened.picture_difference(png(100, here), png(101, here)) is None
    assert "RMS 40.0" in hardened.picture_difference(png(100, here), png(140, here))
    assert hardened.picture_difference(png(100, "3.1.0"), png(140, here)) is None


# --- a small notebook, spoiled in one way after another ---

PRELUDE = "from common.plotting import figure\nimport numpy as np\nx = np.linspace(0, 6, 50)"
PLOT = "fig, ax = figure(alt='A sine curve from 0 to 6, for the test of the tests.')\nax.plot(x, np.sin(x))\nfig"


def executed(folder, *sources):
    from nbclient import NotebookClient

    nb = new_notebook(cells=[new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(sources)])
    NotebookClient(nb, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    return nb


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    sources = (PRELUDE, "print('sum', round(float(np.sin(x).sum()), 3))", PLOT, "_", "x.mean();")
    return executed(tmp_path_factory.mktemp("nb"), *sources)


def change_number(nb):
    nb.cells[1].outputs[0].text = "sum 3.5\n"
    return "stored: sum 3.5"


def change_figure_data(nb):
    nb.cells[2].source = nb.cells[2].source.replace("np.sin(x)", "np.sin(1.01 * x)")
    return "came:     line"


def change_only_the_picture(nb):
    nb.cells[2].source = nb.cells[2].source.replace("np.sin(x)", "np.sin(x), lw=9")
    return "the picture differs from the stored one"


def forget_to_run(nb):
    nb.cells[1].execution_count, nb.cells[1].outputs = None, []
    return "not run in order"


def run_out_of_order(nb):
    nb.cells[1].execution_count = 7
    return "execution count 7, expected 2"


def write_to_stderr(nb):
    nb.cells[1].source += "\nimport sys\nprint('careful', file=sys.stderr)"
    return "outputs of kind ['stdout', 'stderr'] came"


def store_stderr(nb):
    nb.cells[1].outputs.append(new_output("stream", name="stderr", text="careful"))
    return "the stored output has stderr"


def skip_the_comparison(nb):
    nb.cells[1].metadata["tags"] = ["nbval-ignore-output"]
    return "a cell that is skipped or not compared"


def break_an_exercise(nb):
    nb.cells[1].metadata["tags"] = ["exercise", "raises-exception"]
    nb.cells[1].source += "\n1 / 0"
    return "Cell execution caused an exception"


def lose_the_output(nb):
    nb.cells[1].source = "pass"
    return "outputs of kind [] came"


def tag_as_timing(nb):
    nb.cells[1].metadata["tags"] = ["timing", "nbval-ignore-output"]
    nb.cells[1].outputs[0].text = "sum 17\n"


def nothing(nb):
    """The good notebook."""


GREEN = [nothing, tag_as_timing]
RED = [
    change_number, change_figure_data, change_only_the_picture, forget_to_run, run_out_of_order, write_to_stderr,
    store_stderr, skip_the_comparison, break_an_exercise, lose_the_output,
]  # fmt: skip


@pytest.fixture(scope="module")
def verdicts(good, tmp_path_factory):
    """What the project's notebook test says of each version: {name: (words it should hold, its failures as text)}."""
    folder = tmp_path_factory.mktemp("spoiled")
    (folder / "conftest.py").write_text(
        (ROOT / "notebooks" / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8"
    )
    words = {}
    for spoil in GREEN + RED:
        nb = nbformat.reads(nbformat.writes(good), as_version=4)
        words[spoil.__name__] = spoil(nb)
        nbformat.write(nb, folder / f"{spoil.__name__}.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "."]
    output = subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout
    sections = re.split(r"^_+ (\w+)\.ipynb::Cell \d+ _+$", output, flags=re.MULTILINE)
    failures = dict.fromkeys(words, "")
    for name, text in zip(sections[1::2], sections[2::2]):
        failures[name] += text
    return {name: (words[name], failures[name]) for name in words}


@pytest.mark.parametrize("spoil", GREEN)
def test_a_good_notebook_is_green(verdicts, spoil):
    assert verdicts[spoil.__name__][1] == ""


@pytest.mark.parametrize("spoil", RED)
def test_a_spoiled_notebook_is_red(verdicts, spoil):
    words, failures = verdicts[spoil.__name__]
    assert words in failures
