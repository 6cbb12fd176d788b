"""What moves: sliders for a person, one still picture for everybody else, and a progress bar that is silent in tests.

A person runs cells in JupyterLab, Notebook or VS Code, which let a cell ask for input; a build or a test does not.
"""

import sys


def person_present():
    """True in a kernel that a person steers, False under nbclient and nbval, and outside notebooks."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    return bool(getattr(kernel, "_allow_stdin", False))


def explore(draw, **controls):
    """Show `draw(name=value, …)`, a function that returns a figure, with a slider or menu for each control.

    A control is (start, low, high), (start, low, high, step) or, for a menu, a list of choices whose first is the
    start. Without a person the figure at the start values is returned, so that the page reads without a kernel.
    """
    starts = {name: control[0] for name, control in controls.items()}
    if not person_present():
        return draw(**starts)
    from IPython.display import display
    from ipywidgets import VBox, interactive_output

    widgets = {name: _widget(name, control) for name, control in controls.items()}
    display(VBox([*widgets.values(), interactive_output(lambda **values: display(draw(**values)), widgets)]))
    return None


def _widget(name, control):
    from ipywidgets import Dropdown, FloatSlider, IntSlider, Layout

    label = {
        "description": name.replace("_", " "),
        "style": {"description_width": "8em"},
        "layout": Layout(width="32em"),
    }
    if isinstance(control, list):
        return Dropdown(options=control, value=control[0], **label)
    start, low, high, *step = control
    slider = IntSlider if all(isinstance(v, int) for v in control) else FloatSlider
    step = step[0] if step else 1 if slider is IntSlider else (high - low) / 40
    return slider(value=start, min=low, max=high, step=step, **label)


def progress(iterable, label="", total=None):
    """Iterate with a bar: a widget for a person in a notebook, one rewritten line in a terminal, nothing in tests."""
    total = len(iterable) if total is None else total
    if person_present():
        from IPython.display import display
        from ipywidgets import IntProgress

        bar = IntProgress(max=total, description=label)
        display(bar)
        for item in iterable:
            yield item
            bar.value += 1
    elif sys.stdout.isatty():
        for count, item in enumerate(iterable, 1):
            yield item
            print(f"\r{label} {count}/{total}", end="\n" if count == total else "", flush=True)
    else:
        yield from iterable
