"""Where the repository is on the web: the one place that knows, for links to Colab and Binder.

REPO_URL, as in `REPO_URL=https://github.com/OWNER/NAME make site`; without it, the address of git's remote "origin" if
that is on GitHub. Where neither is, there are no such links.
"""

import os
import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BRANCH = "main"


@cache
def repo_url():
    """https://github.com/OWNER/NAME, or None."""
    url = os.environ.get("REPO_URL") or git_remote()
    return github(url)


def git_remote():
    command = ["git", "-C", str(ROOT), "remote", "get-url", "origin"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:  # no git: an unpacked archive
        return ""


def github(url):
    """git@github.com:OWNER/NAME.git and the like → https://github.com/OWNER/NAME; None for anything else."""
    found = re.fullmatch(r"(?:https://|git@|ssh://git@)github\.com[:/]([\w.-]+)/([\w.-]+?)(?:\.git)?/?", url or "")
    return found and f"https://github.com/{found[1]}/{found[2]}"


def binder_link(lesson):
    owner_and_name = repo_url().removeprefix("https://github.com/")
    return f"https://mybinder.org/v2/gh/{owner_and_name}/{BRANCH}?urlpath=lab/tree/notebooks/{lesson}.ipynb"


def colab_link(lesson):
    """The variant of the lesson that brings `common` along, from the branch that the Pages workflow writes."""
    owner_and_name = repo_url().removeprefix("https://github.com/")
    return f"https://colab.research.google.com/github/{owner_and_name}/blob/colab/{lesson}.ipynb"
