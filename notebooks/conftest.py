"""nbval, hardened: what `pytest --nbval notebooks` demands beyond nbval's own comparison (see CONTRIBUTING.md).

- Every cell has been run, in order: execution counts are 1…n, in the file and in the run.
- Nothing on stderr, no error, in the file or in the run; no cell is exempt, but for the few tagged `timing`.
- Words and integers must agree; a float may differ by one unit in its last printed place, because `exp` and `@` differ in
  the last bit between processors.
- Pictures agree (root mean square ≤ 1 of 255) when the same minor version of matplotlib drew them. Between versions all
  text moves, and the figure's text twin is what is compared.
- Cells run as in Jupyter, with history: a trailing `;` silences, `_` and `Out` work.
"""

import base64
import io
import re

import matplotlib
import matplotlib.font_manager  # builds the font cache now; a cold one writes to stderr in the first figure
import numpy as np
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell, coalesce_streams
from PIL import Image

NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?(?![\w.]*\w)")
PICTURE_RMS = 1.0


def text_difference(stored, came):
    """The first line in which two texts differ beyond what is allowed, or None."""
    old, new = stored.rstrip().splitlines(), came.rstrip().splitlines()
    for number, (a, b) in enumerate(zip(old, new, strict=False), 1):
        if not _lines_agree(a, b):
            return f"line {number}\n    stored: {a}\n    came:   {b}"
    if len(old) != len(new):
        longer, name = (old, "missing") if len(old) > len(new) else (new, "too many")
        return f"line {min(len(old), len(new)) + 1} is {name}: {longer[min(len(old), len(new))]}"
    return None


def _lines_agree(a, b):
    if a == b:
        return True
    # A number may be a character wider (9.99, 10.00): runs of blanks count as one.
    words = [re.sub(r"\s+", " ", NUMBER.sub("#", line)) for line in (a, b)]
    numbers = [NUMBER.findall(line) for line in (a, b)]
    if words[0].replace(" ", "") != words[1].replace(" ", "") or len(numbers[0]) != len(numbers[1]):
        return False
    return all(_numbers_agree(x, y) for x, y in zip(*numbers, strict=True))


def _numbers_agree(x, y):
    if not any(c in x + y for c in ".eE"):
        return int(x) == int(y)
    # The finer of the two last places: where 9.99 becomes 10.0, or 2e-11 becomes 0.1, the coarser one forgives too much.
    return abs(float(x) - float(y)) <= 1.001 * min(_last_place(x), _last_place(y))


def _last_place(number):
    mantissa, _, exponent = number.lower().partition("e")
    return 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def picture_difference(stored, came):
    """Why two PNGs (base64) differ, or None; None also when another minor version of matplotlib drew the stored one."""
    old, new = (Image.open(io.BytesIO(base64.b64decode(png))) for png in (stored, came))
    if _drawn_by(old) != ".".join(matplotlib.__version__.split(".")[:2]):
        return None
    if old.size != new.size:
        return f"the picture is {new.size}, {old.size} is stored"
    pixels = [np.asarray(picture.convert("RGB"), dtype=float) for picture in (old, new)]
    rms = np.sqrt(np.mean((pixels[0] - pixels[1]) ** 2))
    return None if rms <= PICTURE_RMS else f"the picture differs from the stored one: RMS {rms:.1f} of 255"


def _drawn_by(picture):
    version = re.search(r"Matplotlib version(\d+\.\d+)", picture.info.get("Software", ""))
    return version and version[1]


def output_difference(stored, came):
    """The first difference between two lists of outputs, or None."""
    old, new = (coalesce_streams(list(outputs)) for outputs in (stored, came))
    kinds = [[_kind(output) for output in outputs] for outputs in (old, new)]
    if kinds[0] != kinds[1]:
        return f"outputs of kind {kinds[1]} came, {kinds[0]} are stored"
    for a, b in zip(old, new, strict=True):
        if a.output_type == "stream":
            found = text_difference(a.text, b.text)
        else:
            mimes = sorted(a.data, reverse=True)  # text/plain before image/png: it says what changed
            found = next(filter(None, (_data_difference(m, a.data[m], b.data[m]) for m in mimes)), None)
        if found:
            return found
    return None


def _kind(output):
    if output.output_type == "stream":
        return output.name
    return f"{output.output_type}({', '.join(sorted(output.get('data', {})))})"


def _data_difference(mime, stored, came):
    if mime == "image/png":
        return picture_difference(stored, came)
    return text_difference(*(text if isinstance(text, str) else repr(text) for text in (stored, came)))


# --- hooking it into nbval, which offers no other way ---


def check_form(cell):
    """What must hold of a stored cell before it is run: nbval would pass over all of it in silence."""
    if cell.cell.execution_count != cell.cell_num + 1:
        cell.raise_cell_error(
            f"execution count {cell.cell.execution_count}, expected {cell.cell_num + 1}: not run in order"
        )
    if unwanted(cell.cell.outputs):
        cell.raise_cell_error(f"the stored output has {unwanted(cell.cell.outputs)}")
    tags = set(cell.cell.metadata.get("tags", []))
    timing = "timing" in tags
    if tags & {"exercise", "quiz"}:  # for a learner Run All goes on after an error; here it is one
        cell.options["check_exception"] = False
    if cell.options["skip"] or cell.options["check_exception"] or not (cell.options["check"] or timing):
        cell.raise_cell_error("a cell that is skipped or not compared; only one tagged `timing` may be")


def unwanted(outputs):
    """What no cell may write: 'stderr' or 'an error'; else None."""
    for output in outputs:
        if output.output_type == "error" or (output.output_type == "stream" and output.name == "stderr"):
            return "an error" if output.output_type == "error" else f"stderr: {output.text}"
    return None


def compare_outputs(cell, came, stored, skip_compare=None):
    found = output_difference(stored, came)
    if found:
        cell.comparison_traceback = [found]
    return not found


def runtest(cell, nbval_runtest=IPyNbCell.runtest):
    check_form(cell)
    nbval_runtest(cell)
    if unwanted(cell.test_outputs):
        cell.raise_cell_error(f"the cell wrote {unwanted(cell.test_outputs)}")
    for output in cell.test_outputs:
        if output.get("execution_count", cell.cell_num + 1) != cell.cell_num + 1:
            cell.raise_cell_error(f"ran as number {output.execution_count}, expected {cell.cell_num + 1}")


def execute_with_history(kernel, source, allow_stdin=None):
    return kernel.kc.execute(source, store_history=True, allow_stdin=allow_stdin, stop_on_error=False)


IPyNbCell.runtest = runtest
IPyNbCell.compare_outputs = compare_outputs
RunningKernel.execute_cell_input = execute_with_history
