"""The course as a JupyterLab that runs in the browser alone (JupyterLite), in build/lite: python tools/lite.py

The browser's Python is Pyodide. What it can load stands in its lock file, and before a cell runs, the kernel loads from
there what the cell imports. So the course gets an entry in that file: `import common` loads the course's wheel and what
`common` imports in its turn. No lesson has a cell for this. static/pyodide/ holds, beside the lock file,

- Pyodide's core: from the npm package, fetched once into .cache/npm, or from PYODIDE=FOLDER;
- the course's wheel: common/, and the stored results at the place where common.experiments looks for them;
- the packages in pure Python that the kernel and `common` need: Pyodide's versions, fetched once into .cache/wheels.

NumPy, SciPy, scikit-learn, matplotlib and what else is compiled are Pyodide's own builds, which no registry has. The
browser fetches them from Pyodide's address (the kernel's package knows it); or they are in FOLDER, unpacked from
Pyodide's full release: then the result asks nothing of another machine.
"""

import ast
import hashlib
import importlib.metadata
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from graphlib import TopologicalSorter
from pathlib import Path

import course_wheel
import nbformat
from jupyterlite_pyodide_kernel.constants import (
    PYODIDE_CDN_URL,
    PYODIDE_KERNEL_NPM_NAME,
    PYODIDE_KERNEL_PLUGIN_ID,
    PYODIDE_PYTHON_VERSION,
    PYODIDE_VERSION,
)
from lab import ROOT, course_lessons, for_learners
from npm import Stop, archive_of, package
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

BUILD, CACHE = ROOT / "build" / "lite", ROOT / ".cache"
NPM, WHEELS = archive_of("pyodide", PYODIDE_VERSION), CACHE / "wheels"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
LABEXTENSIONS = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
EXTENSIONS = (PYODIDE_KERNEL_NPM_NAME, "@jupyter-widgets/jupyterlab-manager")
# What the kernel loads when it starts, in its worker's source. Named in the settings, it comes from the lock file.
KERNEL = ("micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython")
COURSE = "deep-learning-course"
# Parts of ipywidgets that run in the page, not in Python: they are among the extensions, or not needed.
IN_THE_PAGE = {"jupyterlab-widgets", "widgetsnbextension"}


# --- Pyodide and its packages -----------------------------------------------------------------------------------------


def pyodide():
    """{name: bytes} of the files of Pyodide that are here: of the folder PYODIDE, or of npm's package."""
    if chosen := os.environ.get("PYODIDE"):
        here = {path.name: path for path in Path(chosen).expanduser().glob("*")}
        if missing := sorted(set(CORE) - set(here)):
            raise Stop(f"PYODIDE={chosen} holds no Pyodide {PYODIDE_VERSION}: {', '.join(missing)} missing.")
        return {name: path.read_bytes() for name, path in here.items() if name in CORE or path.suffix == ".whl"}
    with tarfile.open(package("pyodide", PYODIDE_VERSION)) as archive:
        return {name: archive.extractfile(f"package/{name}").read() for name in CORE}


def fetch_wheels(wanted):
    """{name: path} of the wheels {name: version} in .cache/wheels; what is missing there comes from PyPI."""
    WHEELS.mkdir(parents=True, exist_ok=True)
    if missing := sorted(set(wanted.items()) - set(cached_wheels())):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        command += ["--implementation", "py", "--platform", "any", "--python-version", PYODIDE_PYTHON_VERSION]
        run(
            [*command, "--dest", str(WHEELS), *(f"{name}=={version}" for name, version in missing)],
            "pip could not fetch packages",
        )
    cached = cached_wheels()
    return {name: cached[name, version] for name, version in wanted.items()}


def cached_wheels():
    wheels = {parse_wheel_filename(path.name)[:2]: path for path in WHEELS.glob("*.whl")}
    return {(name, str(version)): path for (name, version), path in wheels.items()}


def run(command, who, folder=ROOT):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", errors="replace")
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()[-1]
        raise Stop(f"{who}: {last}")


def write_json(path, content):
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")


def entry(wheel, depends):
    """A wheel's entry in the lock file."""
    name, version, *_ = parse_wheel_filename(wheel.name)
    with zipfile.ZipFile(wheel) as archive:
        modules = {Path(path).parts[0].removesuffix(".py") for path in archive.namelist() if path.endswith(".py")}
    return {
        "name": name,
        "version": str(version),
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted(modules),
        "depends": sorted(depends),
        "unvendored_tests": False,
    }


def requirements(metadata):
    """The canonical names of what a distribution in Pyodide requires."""
    needed = [Requirement(line) for line in metadata]
    there = {"sys_platform": "emscripten", "python_version": PYODIDE_PYTHON_VERSION, "extra": ""}
    names = {canonicalize_name(r.name) for r in needed if r.marker is None or r.marker.evaluate(there)}
    return names - IN_THE_PAGE


def requirements_of_wheel(wheel):
    with zipfile.ZipFile(wheel) as archive:
        path = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        text = io.TextIOWrapper(archive.open(path), encoding="utf-8").read()
    lines = text.partition("\n\n")[0].splitlines()
    return requirements(line.partition(": ")[2] for line in lines if line.startswith("Requires-Dist: "))


def imports_of(code):
    """The packages that this code imports, wherever in it, without the standard library and `common` itself."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - {"common"}


def distribution_of(module, lock):
    """The canonical name of the distribution that has the module: in Pyodide, or else among what is installed here."""
    in_pyodide = (name for name, package in lock.items() if module in package["imports"])
    return next(in_pyodide, None) or canonicalize_name(importlib.metadata.packages_distributions()[module][0])


def distribution(folder):
    """Write Pyodide with the course in it into the folder."""
    files = pyodide()
    for name in set(CORE) - {"pyodide-lock.json"}:
        (folder / name).write_bytes(files[name])
    document = json.loads(files["pyodide-lock.json"])
    lock = {canonicalize_name(name): package for name, package in document["packages"].items()}

    depends = {}  # of all that is put into the folder
    wheels = [course_wheel.packed(folder)]
    for wheel in sorted((LABEXTENSIONS / PYODIDE_KERNEL_NPM_NAME / "static" / "pypi").glob("*.whl")):
        if parse_wheel_filename(wheel.name)[0] not in IN_THE_PAGE:
            wheels.append(Path(shutil.copy(wheel, folder)))
            depends[parse_wheel_filename(wheel.name)[0]] = requirements_of_wheel(wheel)
    code = [p.read_text(encoding="utf-8") for p in (ROOT / "common").rglob("*.py")]
    depends[COURSE] = {distribution_of(module, lock) for module in set().union(*map(imports_of, code))}

    wanted, waiting = {}, sorted({*KERNEL, *depends[COURSE]} - set(depends))
    while waiting:
        name = waiting.pop()
        if name not in lock:  # Pyodide has it not: the version that the course is tested with
            wanted[name] = importlib.metadata.version(name)
            depends[name] = requirements(importlib.metadata.requires(name) or [])
        else:
            depends[name] = {canonicalize_name(needed) for needed in lock[name]["depends"]}
            wheel = lock[name]["file_name"]
            if wheel in files:
                (folder / wheel).write_bytes(files[wheel])
            elif wheel.endswith("-none-any.whl"):
                wanted[name] = lock[name]["version"]
        waiting += depends[name] - set(depends)
    tuple(TopologicalSorter(depends).static_order())  # a cycle would be an error: say so here, not in the browser

    wheels += [Path(shutil.copy(wheel, folder)) for wheel in fetch_wheels(wanted).values()]
    for wheel in wheels:
        name = parse_wheel_filename(wheel.name)[0]
        lock[name] = lock.get(name, {}) | entry(wheel, depends[name])
    for made in lock.values():
        if not (folder / made["file_name"]).is_file():
            made["file_name"] = f"{PYODIDE_CDN_URL}/{made['file_name']}"
    document["packages"] = dict(sorted(lock.items()))
    write_json(folder / "pyodide-lock.json", document)


# --- JupyterLite ------------------------------------------------------------------------------------------------------


def build(folder=BUILD):
    """Build into the folder, which is replaced at the end, as a whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        source, built = Path(temporary, "source"), Path(temporary, "built")
        (source / "static" / "pyodide").mkdir(parents=True)
        distribution(source / "static" / "pyodide")
        for name, path in course_lessons(ROOT).items():
            target = source / "files" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            # With each text in one piece: JupyterLite puts commas between the lines of a stored output.
            write_json(target, nbformat.reads(for_learners(path).decode(), as_version=4))
        plugins = {PYODIDE_KERNEL_PLUGIN_ID: {"loadPyodideOptions": {"packages": KERNEL}}}
        page = {
            "appName": "Deep learning from scratch",
            "exposeAppInBrowser": True,  # for tests/browser/test_lite.py
            "litePluginSettings": plugins,
        }
        write_json(source / "jupyter-lite.json", {"jupyter-lite-schema-version": 0, "jupyter-config-data": page})
        options = {
            "contents": ["files"],
            "output_dir": str(built),
            "cache_dir": f"{temporary}/cache",
            "apps": ["lab"],
            "federated_extensions": [str(LABEXTENSIONS / extension) for extension in EXTENSIONS],
            "ignore_sys_prefix": True,  # only these extensions, not all that .venv has
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
        }
        write_json(source / "jupyter_lite_config.json", {"LiteBuildConfig": options})
        run([sys.executable, "-m", "jupyterlite_core.app", "build"], "JupyterLite does not build", source)
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(built, folder)


def main():
    try:
        build()
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    files = [path for path in BUILD.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    print(f"the course for the browser: {BUILD.relative_to(ROOT)} ({len(files)} files, {size:.0f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
