"""A JupyterHub for a class in one room: one machine, a name and one password for everybody, a copy of the course each.

    CLASSROOM_PASSWORD=… make classroom

All learners' notebooks run as the user who started the hub: they could read each other's files. That is for people who
trust each other; README.md says what to take where they do not. The learners' work stays in classroom/homes/NAME.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import lab  # noqa: E402

HOMES = Path(os.environ.get("CLASSROOM_HOMES", ROOT / "classroom" / "homes")).resolve()
PASSWORD = os.environ.get("CLASSROOM_PASSWORD", "")
if len(PASSWORD) < 8:
    raise SystemExit("Set CLASSROOM_PASSWORD to at least 8 characters: CLASSROOM_PASSWORD=… make classroom")

c = get_config()  # noqa: F821  JupyterHub defines it

# --- who may come in --------------------------------------------------------------------------------------------------

c.JupyterHub.authenticator_class = "shared-password"  # any name, one password
c.SharedPasswordAuthenticator.user_password = PASSWORD
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = r"[a-z][a-z0-9_-]{0,30}"  # the name becomes a folder
c.Authenticator.admin_users = {"teacher"}
c.JupyterHub.admin_access = False  # the teacher starts and stops servers, but does not look into them

# --- where it runs ----------------------------------------------------------------------------------------------------

c.JupyterHub.bind_url = os.environ.get("CLASSROOM_URL", "http://0.0.0.0:8000")
c.JupyterHub.hub_bind_url = os.environ.get("CLASSROOM_HUB_URL", "http://127.0.0.1:8081")
# By default the proxy gives up after 20 seconds, which a kernel needs when the whole class starts at once.
PATIENCE = ["--proxy-timeout", "180000"]  # milliseconds
c.ConfigurableHTTPProxy.command = [str(Path(sys.executable).with_name("configurable-http-proxy")), *PATIENCE]
c.ConfigurableHTTPProxy.api_url = os.environ.get("CLASSROOM_PROXY_URL", "http://127.0.0.1:8001")
HOMES.mkdir(parents=True, exist_ok=True)
lab.set_defaults()
c.JupyterHub.db_url = f"sqlite:///{HOMES / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(HOMES / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(HOMES / "proxy.pid")
c.JupyterHub.log_level = "WARN"

# --- what a learner gets ----------------------------------------------------------------------------------------------


def bring_the_course(spawner):
    """The learner's copy of the lessons, kept up to date as `make lab` does it: what they wrote is never overwritten."""
    lab.update(ROOT, HOMES / spawner.user.name)


c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = f"{HOMES}/{{username}}"
c.Spawner.pre_spawn_hook = bring_the_course
c.Spawner.notebook_dir = f"{HOMES}/{{username}}"
c.Spawner.default_url = f"/lab/tree/{lab.START}"
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.start_timeout = c.Spawner.http_timeout = 120
c.Spawner.args = [
    # A kernel that nobody has used for 20 minutes goes; the notebook with its outputs stays.
    "--MappingKernelManager.cull_idle_timeout=1200",
    "--MappingKernelManager.cull_interval=60",
    "--MappingKernelManager.cull_connected=True",
]
if os.geteuid() == 0:  # in a container; on a machine, start the hub as an ordinary user
    c.Spawner.args.append("--allow-root")
# One thread each: twenty learners with two threads each would only wait for one another.
c.Spawner.environment = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {
    "COURSE_DATA": str(ROOT / "data"),  # MNIST once for all, if the teacher has fetched it
    "COURSE_OFFLINE": "1",
}
