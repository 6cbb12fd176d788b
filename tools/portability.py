"""Run the suite twice more, as other processors would: python tools/portability.py [options of pytest]

First as a processor of 2008 (OpenBLAS's Nehalem kernels, none of NumPy's SIMD code above its baseline), then
as one of 2013 (Haswell) with two threads. exp, tanh and @ then differ in the last bit, as they do between
machines. Before each run this asks NumPy and OpenBLAS whether they really took the settings: an emulation
that silently does nothing would prove nothing.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# scikit-learn brings threadpoolctl and, with SciPy, a second OpenBLAS.
PROBE = """
import json, numpy, sklearn
from numpy._core import _multiarray_umath as umath
from threadpoolctl import threadpool_info
blas = [lib for lib in threadpool_info() if lib["user_api"] == "blas"]
print(json.dumps({
    "numpy": numpy.__version__,
    "levels": list(umath.__cpu_dispatch__),
    "on": [name for name in umath.__cpu_dispatch__ if umath.__cpu_features__.get(name)],
    "blas": sorted({f"{lib['internal_api']} {lib.get('architecture')}" for lib in blas}),
    "threads": sorted({lib["num_threads"] for lib in blas}),
}))
"""


class CannotEmulate(Exception):
    pass


def emulated(coretype, threads, disabled):
    return os.environ | {
        "OPENBLAS_CORETYPE": coretype,
        "OPENBLAS_NUM_THREADS": str(threads),
        "OMP_NUM_THREADS": str(threads),
        "MKL_NUM_THREADS": str(threads),
        "NPY_DISABLE_CPU_FEATURES": " ".join(disabled),
    }


def ask(environment):
    """What NumPy and its BLAS say that they run as."""
    process = subprocess.run(
        [sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True, cwd=ROOT, check=False
    )
    if process.returncode:
        last = (process.stderr.strip().splitlines() or [f"exit code {process.returncode}"])[-1]
        raise CannotEmulate(f"NumPy does not start with these settings: {last}")
    return json.loads(process.stdout)


def verify(facts, coretype, threads, disabled):
    """Raise CannotEmulate unless NumPy and every BLAS run as they were told."""
    if facts["blas"] != [f"openblas {coretype}"]:
        found = ", ".join(facts["blas"]) or "no BLAS that threadpoolctl knows"
        raise CannotEmulate(f"asked for openblas {coretype}, got {found}")
    if facts["threads"] != [threads]:
        raise CannotEmulate(f"asked for {threads} BLAS threads, got {facts['threads']}")
    still_on = [name for name in disabled if name in facts["on"]]
    if still_on:
        raise CannotEmulate(f"NumPy did not switch off {' '.join(still_on)}")


def run_as(coretype, threads, disabled, options):
    """The suite's exit code on an emulated processor."""
    environment = emulated(coretype, threads, disabled)
    facts = ask(environment)
    verify(facts, coretype, threads, disabled)
    simd = " ".join(facts["on"]) or "none above the baseline"
    print(f"\n== NumPy {facts['numpy']} as {coretype}, BLAS threads: {threads}, SIMD: {simd}", flush=True)
    workers = max(1, min(4, os.cpu_count() or 1) // threads)
    suite = ["-n", str(workers), "--dist", "loadfile", "--nbval", "--nbval-current-env", "-m", "not browser"]
    command = [sys.executable, "-m", "pytest", *suite, *options, "tests", "notebooks"]
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode


def main(options):
    worst = 0
    try:
        levels = ask(dict(os.environ))["levels"]  # their names change with NumPy's version
        for coretype, threads, disabled in (("Nehalem", 1, levels), ("Haswell", 2, [])):
            code = run_as(coretype, threads, disabled, options)
            print(f"== as {coretype}: {'passed' if code == 0 else f'FAILED (exit code {code})'}", flush=True)
            worst = max(worst, abs(code))
    except CannotEmulate as reason:
        print(f"Cannot emulate other processors on this machine: {reason}", file=sys.stderr)
        return 3
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
