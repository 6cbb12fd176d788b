"""The course's library as a wheel, for places where there is no checkout: the browser (tools/lite.py), Colab.

Beside the package lie the stored results, where common.experiments looks for them. The wheel is written by hand, because
a build backend would be fetched over the network, and would leave the results out.
"""

import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATE = (2020, 1, 1, 0, 0, 0)  # always the same: the same files make the same wheel


def contents():
    """{path in the wheel: bytes}."""
    files = [path for path in sorted((ROOT / "common").rglob("*")) if path.suffix in (".py", ".mplstyle")]
    files += sorted((ROOT / "data" / "results").glob("*.npz"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    about = [
        "Metadata-Version: 2.1",
        f"Name: {project['name']}",
        f"Version: {project['version']}",
        *(f"Requires-Dist: {needed}" for needed in project["dependencies"]),
    ]
    info = f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    found = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in files}
    found[f"{info}/METADATA"] = "\n".join([*about, ""]).encode()
    found[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: course\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    found[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*found, f"{info}/RECORD"]).encode()
    return found


def unpacked(folder):
    """The contents as files in a folder: on sys.path, it is the installed course."""
    for name, content in contents().items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def packed(folder):
    """The wheel, written into a folder; its path."""
    found = contents()
    info = next(name for name in found if name.endswith(".dist-info/RECORD")).partition(".dist-info")[0]
    wheel = folder / f"{info}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in found.items():
            archive.writestr(zipfile.ZipInfo(name, DATE), content, zipfile.ZIP_DEFLATED)
    return wheel
