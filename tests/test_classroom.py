"""The hub for a class (classroom/): ten learners run a lesson at once, and what each wrote stays theirs."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "classroom" / "jupyterhub_config.py"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="JupyterHub does not run on Windows")


@pytest.fixture(scope="module")
def measure():
    sys.path.insert(0, str(ROOT / "classroom"))
    import measure

    yield measure
    sys.path.remove(str(ROOT / "classroom"))


def test_ten_learners_run_a_lesson_at_once(measure, tmp_path):
    with measure.Hub(tmp_path) as hub:
        learners = asyncio.run(measure.class_at_once(hub, 10, measure.code_cells("day1/01")))
        memory = hub.megabytes()
        assert set(memory) == {learner.name for learner in learners}
        assert all(50 < mb < 600 for mb in memory.values()), memory
        for learner in learners:
            assert (tmp_path / learner.name / "day1" / "01_forward_propagation.ipynb").is_file()


def test_a_busy_machine_makes_a_learner_wait_and_not_fail(measure, tmp_path):
    async def answer_of_a_server_that_stands_still(hub):
        learner = measure.Learner(hub, "learner00")
        await learner.log_in()
        await learner.start()
        servers = [p for p in psutil.Process(hub.process.pid).children(recursive=True) if is_server(p)]
        for server in servers:
            server.suspend()
        answer = asyncio.create_task(learner.fetch("/user/learner00/api/status"))
        await asyncio.sleep(22)
        for server in servers:
            server.resume()
        return len(servers), (await answer).code

    def is_server(process):
        return "JUPYTERHUB_USER" in process.environ()

    with measure.Hub(tmp_path) as hub:
        assert asyncio.run(answer_of_a_server_that_stands_still(hub)) == (1, 200)


def test_an_error_in_a_cell_and_a_wrong_password_are_noticed(measure, tmp_path):
    """The test above could not fail if the learners did not see these."""
    with measure.Hub(tmp_path) as hub:
        hub.password, right = "wrong", hub.password
        with pytest.raises(RuntimeError, match="learner00 could not log in"):
            asyncio.run(measure.class_at_once(hub, 1, ["1 + 1"]))
        hub.password = right
        mine = tmp_path / "learner00" / "00_start_here.ipynb"
        mine.parent.mkdir()
        mine.write_text(json.dumps({"my": "work"}), encoding="utf-8")
        with pytest.raises(RuntimeError, match="learner00: ZeroDivisionError"):
            asyncio.run(measure.class_at_once(hub, 1, ["1 / 0"]))
        assert json.loads(mine.read_text(encoding="utf-8")) == {"my": "work"}  # never overwritten


def test_there_is_no_hub_without_a_password():
    command = [sys.executable, "-m", "jupyterhub", "-f", str(CONFIG)]
    for password in ("", "short"):
        environment = os.environ | {"CLASSROOM_PASSWORD": password}
        process = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert process.returncode != 0
        assert "Set CLASSROOM_PASSWORD to at least 8 characters" in process.stdout + process.stderr
