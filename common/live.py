"""What moves: sliders for a person, one still picture for everybody else, and a progress bar that is silent in tests.

A person runs cells in JupyterLab, Notebook or VS Code, which let a cell ask for input; a build or a test does not.
"""

import math
import sys


def person_present():
    """True in a kernel that a person steers, False under nbclient and nbval, and outside notebooks."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    in_the_browser = sys.platform == "emscripten"  # its kernel has no such flag, and nobody else runs it
    return bool(getattr(kernel, "_allow_stdin", in_the_browser))


def explore(draw, **controls):
    """Show `draw(name=value, …)`, a function that returns a figure, with a slider or menu for each control.

    A control is (start, low, high), (start, low, high, step) or, for a menu, a list of choices whose first is the
    start. Without a person the figure at the start values is returned, so that the page reads without a kernel.
    """
    for name, control in controls.items():
        if isinstance(control, tuple):
            _check_start(name, *control)
    if not person_present():
        return draw(**{name: control[0] for name, control in controls.items()})
    from IPython.display import clear_output, display
    from ipywidgets import Output, VBox

    # Not ipywidgets' interactive_output: it loads matplotlib's inline backend, which from then on draws every figure
    # of the notebook a second time, cropped.
    widgets, output = {name: _widget(name, control) for name, control in controls.items()}, Output()

    def redraw(_=None):
        with output:
            clear_output(wait=True)
            display(draw(**{name: widget.value for name, widget in widgets.items()}))

    for widget in widgets.values():
        widget.observe(redraw, "value")
    display(VBox([*widgets.values(), output]))
    redraw()
    return None


def _widget(name, control):
    from ipywidgets import Dropdown, FloatSlider, IntSlider, Layout

    label = {
        "description": name.replace("_", " "),
        "style": {"description_width": "8em"},
        "layout": Layout(width="52em", max_width="95%"),  # long, so that each of some hundred steps can be hit
    }
    if isinstance(control, list):
        return Dropdown(options=control, value=control[0], **label)
    start, low, high, *_ = control
    slider = IntSlider if all(isinstance(v, int) for v in control) else FloatSlider
    return slider(value=start, min=low, max=high, step=_step(*control), **label)


def _step(start, low, high, step=None):
    if all(isinstance(v, int) for v in (start, low, high)):
        return step or 1
    return step or 10.0 ** math.floor(math.log10((high - low) / 20))


def _check_start(name, start, low, high, step=None):
    """A slider stands on multiples of its step above low only: from elsewhere it would jump at once."""
    steps = (start - low) / _step(start, low, high, step)
    if abs(steps - round(steps)) > 1e-6 or not low <= start <= high:
        raise ValueError(f"{name}: {start} is not {low} plus a multiple of {_step(start, low, high, step):g}")


def progress(iterable, label="", total=None):
    """Iterate with a bar: a widget for a person in a notebook, one rewritten line in a terminal, nothing in tests."""
    total = len(iterable) if total is None else total
    if person_present():
        from IPython.display import HTML, display
        from ipywidgets import IntProgress

        bar = IntProgress(max=total, description=label)
        shown = display(bar, display_id=True)
        try:
            for item in iterable:
                yield item
                bar.value += 1
        finally:  # a full bar says nothing, and in a file that is opened again it is an error
            bar.close()
            shown.update(HTML(""))
    elif sys.stdout.isatty():
        for count, item in enumerate(iterable, 1):
            yield item
            print(f"\r{label} {count}/{total}", end="\n" if count == total else "", flush=True)
    else:
        yield from iterable
