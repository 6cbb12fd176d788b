"""The environment of the tests, and of the notebooks' kernels, which inherit it.

It is set while this file is imported: before pytest imports a test, and with it NumPy.
"""

import atexit
import os
import shutil
import tempfile

os.environ["COURSE_OFFLINE"] = "1"

# No test may depend on what this machine has downloaded. The workers of pytest-xdist share the first process's folder.
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["COURSE_DATA"] = tempfile.mkdtemp(prefix="course-data-")
    atexit.register(shutil.rmtree, os.environ["COURSE_DATA"], ignore_errors=True)

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
