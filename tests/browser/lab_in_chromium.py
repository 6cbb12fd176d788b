"""JupyterLab in Chromium for the browser tests: the server, the browser, and a notebook as a learner has it open.

The server has directories of its own, so that a user's settings neither disturb the tests nor are changed by them; the
browser reaches nothing but this machine. Everything waits for a condition; nothing sleeps for a fixed time.
"""

import base64
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from urllib.parse import urlsplit

import lab
import psutil
from chromium import START_SECONDS
from playwright.sync_api import Error

RUN_SECONDS, STEP_SECONDS = 600, 60  # what a slow and busy machine may need
VIEWPORT = {"width": 1440, "height": 900}


# --- the server -------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def server(course, own):
    """The address of a JupyterLab that serves the folder `course` and keeps its own files in the folder `own`."""
    for plugin, values in lab.SETTINGS.items():  # what `make lab` sets, too
        settings = own / "settings" / f"{plugin.replace(':', '/')}.jupyterlab-settings"
        settings.parent.mkdir(parents=True)
        settings.write_text(json.dumps(values), encoding="utf-8")
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    environment = os.environ | {name: str(own / folder) for name, folder in folders.items()}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {
        "ServerApp.root_dir": course,
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "ServerApp.terminals_enabled": False,
        "ServerApp.disable_check_xsrf": True,
        "IdentityProvider.token": "",
        "LabApp.expose_app_in_browser": True,
        "LabApp.extension_manager": "readonly",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.news_url": None,
        "LanguageServerManager.autodetect": False,
        # If pytest is killed and nobody stops the server, it stops itself.
        "MappingKernelManager.cull_idle_timeout": RUN_SECONDS,
        "ServerApp.shutdown_no_activity_timeout": RUN_SECONDS,
    }
    command = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]
    with open(own / "server.log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=course, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield _address(process, own)
    finally:
        _stop(process)


def _address(process, own):
    """The server's address as soon as it answers (another port than the wished one, if that was taken meanwhile)."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError, ValueError):  # the file is not there yet, or half written, or nobody listens
            for path in (own / "runtime").glob("jpserver-*.json"):
                address = f"http://127.0.0.1:{json.loads(path.read_text(encoding='utf-8'))['port']}"
                _ask(f"{address}/api/status")
                return address
        time.sleep(0.05)
    ended = f"ended with {process.returncode}" if process.poll() is not None else "does not answer"
    log = (own / "server.log").read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"JupyterLab {ended}; the end of its log:\n{log[-3000:]}")


def _ask(address, method="GET"):
    request = urllib.request.Request(address, method=method)
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=STEP_SECONDS)


def _stop(process):
    """End the server and every process that it started."""
    family = []
    with contextlib.suppress(psutil.NoSuchProcess):
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(20)
    _, alive = psutil.wait_procs(family, timeout=5)
    for left in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            left.kill()
    process.wait()


# --- the browser ------------------------------------------------------------------------------------------------------


class Visitor:
    """Opens one notebook after the other, on one page as long as all goes well: loading JupyterLab takes longest."""

    def __init__(self, chromium, address):
        self.address, self.page, self.strangers = address, None, []
        self.context = chromium.new_context(viewport=VIEWPORT)
        self.context.set_default_timeout(1000 * STEP_SECONDS)
        self.context.on("request", self._note)

    def _note(self, request):
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self.strangers.append(request.url)

    @contextlib.contextmanager
    def open(self, path):
        """The Notebook at `path`, with its kernel running; its kernel is shut down at the end."""
        self.strangers.clear()
        try:
            if self.page is None:
                self.page = self.context.new_page()
                # ?reset: not the notebooks that were open when the page before this one was given up
                self.page.goto(f"{self.address}/lab?reset", timeout=1000 * START_SECONDS)
                self.page.wait_for_function("() => window.jupyterapp?.restored", timeout=1000 * START_SECONDS)
            notebook = Notebook(self.page, path)
            yield notebook
            notebook.close()
        except BaseException:
            if self.page:
                self.page.close()
            self.page = None
            raise
        finally:
            for session in json.load(_ask(f"{self.address}/api/sessions")):
                _ask(f"{self.address}/api/sessions/{session['id']}", "DELETE")


# --- a notebook -------------------------------------------------------------------------------------------------------

OPEN = """path => {
    window.lesson = null;
    const open = () => jupyterapp.commands.execute('docmanager:open', {path, factory: 'Notebook'});
    jupyterapp.restored.then(open).then(panel => { window.lesson = panel; });
}"""
CLOSE = """() => {
    window.shut = false;
    lesson.sessionContext.shutdown().finally(() => {
        lesson.context.model.dirty = false;  // nobody wants to save it
        lesson.dispose();
        window.shut = true;
    });
}"""
IDLE = """() => {
    const kernel = window.lesson?.context.isReady && lesson.sessionContext.session?.kernel;
    return kernel && kernel.connectionStatus === 'connected' && kernel.status === 'idle';
}"""
RUN_ALL = """() => {
    window.ran = false;
    jupyterapp.commands.execute('notebook:run-all-cells').finally(() => { window.ran = true; });
}"""
CELLS = "() => [...lesson.content.model.cells].map(cell => cell.toJSON())"
SHOW = """([index, where]) => {
    lesson.content.activeCellIndex = index;
    lesson.content.deselectAll();
    const node = lesson.content.widgets[index].node;
    node.dataset.cell = index;
    return lesson.content.scrollToItem(index, where);
}"""


# Widgets talk to the kernel beside the cells (in a subshell): that the kernel has run a cell says nothing about them.
LISTEN = """() => {
    window.unanswered = new Set();
    lesson.sessionContext.session.kernel.anyMessage.connect((_, {msg, direction}) => {
        if (direction === 'send' && msg.header.msg_type === 'comm_msg') unanswered.add(msg.header.msg_id);
        if (msg.content.execution_state === 'idle') unanswered.delete(msg.parent_header.msg_id);
    });
}"""
SETTLED = f"""() => {{
    window.calm = ({IDLE})() && unanswered.size === 0 ? window.calm + 1 : 0;
    return window.calm === 3;  // looks in a row: an answer may release another message, and is shown a moment later
}}"""
IMAGES = "node => [...node.querySelectorAll('.jp-Cell-outputArea img')].map(image => image.src).join()"
OTHER_IMAGES = f"""([index, before]) => {{
    const now = ({IMAGES})(lesson.content.widgets[index].node);
    return now !== '' && now !== before;
}}"""


class Notebook:
    """A notebook that is open in JupyterLab."""

    def __init__(self, page, path):
        self.page = page
        page.evaluate(OPEN, path)
        self.wait_until_idle()
        page.evaluate(LISTEN)

    def close(self):
        self.page.evaluate(CLOSE)
        self.wait_until("() => window.shut", "the kernel has shut down", seconds=START_SECONDS)

    def wait_until(self, condition, what, argument=None, seconds=STEP_SECONDS):
        """Until the JavaScript function `condition` is true; AssertionError that says `what` did not come about."""
        try:
            self.page.wait_for_function(condition, arg=argument, timeout=1000 * seconds, polling=50)
        except Error as error:
            dialogs = self.page.locator(".jp-Dialog").all_inner_texts()
            asks = f"; JupyterLab asks: {' '.join(dialogs)!r}" if dialogs else ""
            raise AssertionError(f"{what}: not within {seconds} s{asks} ({str(error).splitlines()[0]})") from None

    def wait_until_idle(self):
        self.wait_until(IDLE, "the kernel is idle", seconds=START_SECONDS)

    def run_all(self):
        self.page.evaluate(RUN_ALL)
        self.wait_until("() => window.ran", "all cells have run", seconds=RUN_SECONDS)
        self.wait_until_idle()

    def save(self):
        self.page.evaluate("() => { window.saved = false; lesson.context.save().finally(() => { saved = true; }); }")
        self.wait_until("() => window.saved", "the notebook is saved")

    def cells(self):
        """All cells as they are in the file format, with their present outputs."""
        return self.page.evaluate(CELLS)

    def show(self, index, where="smart"):
        """Scroll a cell into view; its element."""
        self.page.evaluate(SHOW, [index, where])
        cell = self.page.locator(f'[data-cell="{index}"]')
        cell.scroll_into_view_if_needed()
        return cell

    def answer(self, index, source):
        """Type `source` over what the cell holds and run it with Shift-Enter; the text that it shows then."""
        cell, before = self.show(index), self.cells()[index]["execution_count"]
        cell.locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)
        typed = "([index, source]) => lesson.content.model.cells.get(index).sharedModel.getSource() === source"
        self.wait_until(typed, f"cell {index} holds what was typed", [index, source])
        self.page.keyboard.press("Shift+Enter")
        count = """([index, before]) => {
            const count = lesson.content.model.cells.get(index).executionCount;
            return count !== null && count !== before;
        }"""
        self.wait_until(count, f"cell {index} has run again", [index, before], RUN_SECONDS)
        self.wait_until_idle()
        return self.show(index).locator(".jp-Cell-outputArea").inner_text()

    def move_controls(self, index):
        """Move each control of a cell, sliders to both ends (by keyboard) and back (dragged by the mouse).

        Returns the names of those that changed no picture, and the errors and warnings that showed."""
        cell = self.show(index, "start")
        cell.locator(".jp-Cell-outputArea img").first.wait_for()
        self.settle()
        controls = cell.locator(".widget-slider, .widget-dropdown").all()
        assert controls, f"cell {index} shows no slider and no menu"
        deaf, errors = [], []
        for control in controls:
            options = control.locator("option").all_inner_texts()
            moves = [(self._choose, option) for option in options[1:]] if options else self._slides
            name, changed = control.locator("label").inner_text(), False
            for move, where in moves:
                before = cell.evaluate(IMAGES)
                move(control, where)
                self.settle()
                changed = changed or self._shows_another_picture(index, before)
                errors += [f"{name} at {where}: {error}" for error in self._errors_in(cell)]
            if not changed:
                deaf.append(name)
        return deaf, errors

    def first_picture(self, index):
        """The first picture that a cell shows, as a PNG's bytes."""
        image = self.show(index).locator(".jp-Cell-outputArea img").first
        image.wait_for()
        self.settle()
        return base64.b64decode(image.get_attribute("src").partition("base64,")[2])

    def _shows_another_picture(self, index, before):
        try:  # the kernel has answered: what may be left is to show it
            self.page.wait_for_function(OTHER_IMAGES, arg=[index, before], timeout=3000, polling=50)
        except Error:
            return False
        return True

    @property
    def _slides(self):
        return (self._press, "End"), (self._press, "Home"), (self._drag, 0.6)

    def _drag(self, slider, share):
        handle, track = slider.locator(".noUi-handle").bounding_box(), slider.locator(".noUi-base").bounding_box()
        mouse, y = self.page.mouse, handle["y"] + handle["height"] / 2
        mouse.move(handle["x"] + handle["width"] / 2, y)
        mouse.down()
        mouse.move(track["x"] + share * track["width"], y, steps=5)
        mouse.up()

    def _press(self, slider, key):
        slider.locator(".noUi-handle").press(key)

    def _choose(self, menu, option):
        menu.locator("select").select_option(label=option)

    def settle(self):
        """Until the kernel has answered all that widgets have told it."""
        self.page.evaluate("() => { window.calm = 0; }")
        self.wait_until(SETTLED, "the kernel answers the widgets", seconds=RUN_SECONDS)

    def _errors_in(self, cell):
        """What error and stderr outputs a cell shows, those inside of widgets too."""
        return cell.locator('[data-mime-type$="jupyter.stderr"], [data-mime-type$="jupyter.error"]').all_inner_texts()

    def picture(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)

    def pictures_of_all(self, folder):
        """A picture of each screenful, to look at."""
        scroller = self.page.locator(".jp-NotebookPanel:visible .jp-WindowedPanel-outer")
        scroller.evaluate("node => { node.scrollTop = 0; }")
        number, top = 0, -1.0
        while (now := scroller.evaluate("node => node.scrollTop")) != top:
            number, top = number + 1, now
            self.picture(folder / f"screen_{number:02d}.png")
            scroller.evaluate("node => { node.scrollTop += 0.9 * node.clientHeight; }")
