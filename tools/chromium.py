"""The Chromium that prints the slides and runs the browser tests: one on the PATH, or Playwright's own."""

import contextlib
import os
import shutil

from playwright.sync_api import Error, sync_playwright

START_SECONDS = 120  # what a slow and busy machine may need
HOW_TO_GET_IT = "no Chromium: `sudo apt install chromium`, or `.venv/bin/playwright install chromium`, brings one"
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--proxy-server=http://127.0.0.1:9",  # nobody listens there: requests to other machines fail, loopback passes it by
]


class NoChromium(Exception):
    """There is none, and what to do about it."""


@contextlib.contextmanager
def browser():
    """A Chromium that reaches nothing but this machine."""
    with contextlib.ExitStack() as stack:
        try:
            playwright = stack.enter_context(sync_playwright())
        except Exception as error:  # its Node lacks a library on a bare system; Chromium's package brings that, too
            raise NoChromium(f"{HOW_TO_GET_IT} (Playwright does not start: {error})") from None
        found = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
        problem = None
        for path in [*filter(None, found), playwright.chromium.executable_path]:
            if not os.path.exists(path):
                continue
            try:
                chromium = playwright.chromium.launch(
                    executable_path=path, headless=True, args=OPTIONS, timeout=1000 * START_SECONDS
                )
            except Error as error:  # for example Ubuntu's chromium-browser, which only says that there is a snap
                problem = problem or f"{path} does not start: {str(error)[:2000]}"
                continue
            try:
                yield chromium
            finally:
                chromium.close()
            return
    raise NoChromium(f"{HOW_TO_GET_IT} ({problem})" if problem else HOW_TO_GET_IT)
