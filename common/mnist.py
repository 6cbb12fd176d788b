"""MNIST and Fashion-MNIST: real data on request. Nothing is fetched unless you ask for it.

    (x_train, d_train), (x_test, d_test) = load_mnist(download=True)

The files are kept in data/mnist and data/fashion_mnist, or in those folders of $COURSE_DATA. What is read is compared
with the known SHA-256 of its arrays, because both sets have files of the same names and sizes; what is downloaded,
with the known hash of the file, before it gets its name. COURSE_OFFLINE=1 forbids the network. See data/README.md.
"""

import gzip
import hashlib
import math
import os
import struct
import sys
import tempfile
import time
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parent.parent / "data"
TIMEOUT = 20  # seconds without a byte, or at less than SLOWEST, and a mirror is given up
SLOWEST = 1000  # bytes per second, on average since the beginning


class DataError(RuntimeError):
    """The data are not there or not the right ones. The message says what was found and what to do."""


class Wrong(ValueError):
    """What is wrong with one file, in words that follow its name."""


@dataclass(frozen=True)
class Dataset:
    """Where a data set comes from, and how to know that it is the right one.

    mirrors: tried in this order; an address that ends in .npz is that file, any other a folder with the four .gz files.
    hashes: {file: its hash for pooch}. arrays: {name: (shape, SHA-256 of the bytes)}.
    """

    title: str
    folder: str
    loader: str
    mirrors: tuple
    hashes: dict
    arrays: dict


FILES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}
MNIST = Dataset(
    title="MNIST",
    folder="mnist",
    loader="load_mnist",
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
    ),
    hashes={
        "train-images-idx3-ubyte.gz": "md5:f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "train-labels-idx1-ubyte.gz": "md5:d53e105ee54ea40749a09fcbcd1e9432",
        "t10k-images-idx3-ubyte.gz": "md5:9fb629c4189551a2d022fa330f9573f3",
        "t10k-labels-idx1-ubyte.gz": "md5:ec29112dd5afa0611ce80d1b7f02629c",
        "mnist.npz": "sha256:731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
    },
    arrays={
        "x_train": ((60000, 28, 28), "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757"),
        "y_train": ((60000,), "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"),
        "x_test": ((10000, 28, 28), "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161"),
        "y_test": ((10000,), "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"),
    },
)
FASHION_MNIST = Dataset(
    title="Fashion-MNIST",
    folder="fashion_mnist",
    loader="load_fashion_mnist",
    mirrors=(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    ),
    hashes={
        "train-images-idx3-ubyte.gz": "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "train-labels-idx1-ubyte.gz": "md5:25c81989df183df01b3e8a0aad5dffbe",
        "t10k-images-idx3-ubyte.gz": "md5:bef4ecab320f06d8554ea6380940ec79",
        "t10k-labels-idx1-ubyte.gz": "md5:bb300cfdad3c16e7a12a480ee83cd310",
    },
    arrays={
        "x_train": ((60000, 28, 28), "2e487a6c89124f78f2d7521542223cafe96f7123c3ca13d447772ac6ecbb3012"),
        "y_train": ((60000,), "657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7"),
        "x_test": ((10000, 28, 28), "c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a"),
        "y_test": ((10000,), "3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9"),
    },
)
FASHION_CLASSES = (
    "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"
)  # fmt: skip


def load_mnist(download=False, images=False):
    """70,000 handwritten digits of 28×28 pixels: (x_train, d_train), (x_test, d_test), 60,000 and 10,000 of them.

    x between 0 and 1, shape (N, 784), or (N, 1, 28, 28) with images=True; float32, because 60,000 images in float64
    take 376 MB. d integer labels 0 … 9, shape (N,). download=True fetches what is missing (12 MB).

    Raises DataError where the data are not there or not MNIST. Source: Y. LeCun, C. Cortes and C. Burges (1998), from
    NIST's Special Databases 1 and 3.
    """
    return load(MNIST, download, images)


def load_fashion_mnist(download=False, images=False):
    """70,000 photographs of clothes, in the form of `load_mnist`; FASHION_CLASSES names the ten classes. 31 MB.

    Source: H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST: a novel image dataset for benchmarking machine learning
    algorithms (2017). MIT licence.
    """
    return load(FASHION_MNIST, download, images)


def load(dataset, download, images):
    """The arrays of a Dataset as the loaders return them."""
    folder = Path(os.environ.get("COURSE_DATA") or DATA).expanduser() / dataset.folder
    found, problems = read(dataset, folder)
    if download and len(found) < len(FILES):
        problems = fetch_missing(dataset, folder, found)
        found, after = read(dataset, folder)
        problems += after
    if len(found) < len(FILES):
        raise DataError(report(dataset, folder, found, problems, download))
    x = [np.divide(found[name], 255, dtype=np.float32) for name in ("x_train", "x_test")]
    x = [a.reshape((-1, 1, *a.shape[1:]) if images else (len(a), -1)) for a in x]
    d = [found[name].astype(np.int64) for name in ("y_train", "y_test")]
    return tuple(zip(x, d, strict=True))


def report(dataset, folder, found, problems, download):
    """The message of a DataError."""
    missing = [FILES[name] for name in FILES if name not in found]
    lines = [f"{dataset.title} is not in {folder}: {', '.join(missing)} missing" + " or wrong." * bool(problems)]
    remedy = f"{dataset.loader}(download=True) fetches what is missing"
    if download:
        remedy = "try again later"
        if offline():
            lines.append("  COURSE_OFFLINE is set, so nothing was downloaded")
            remedy = "unset COURSE_OFFLINE"
    return "\n".join(
        [*lines, *(f"  {p}" for p in problems), f"{remedy}, or place the files by hand: see data/README.md"]
    )


def offline():
    return os.environ.get("COURSE_OFFLINE", "") not in ("", "0")


# --- reading: from files that somebody else may have made ----------------------------------------------------------


def read(dataset, folder):
    """({name: array} of all that is right, what is wrong with the other files as a list of lines)."""
    found, problems = {}, []
    for name, stem in FILES.items():
        wrong = []
        for file in (f"{stem}.gz", stem, stem.replace("-idx", ".idx"), f"{dataset.folder}.npz"):
            try:
                found[name] = read_array(dataset, folder / file, name)
                break
            except FileNotFoundError:
                continue
            except Wrong as error:
                wrong.append(f"{file}: {error}")
            except OSError as error:
                wrong.append(f"{file}: cannot be read ({error.strerror or error})")
        else:
            problems += wrong
    return found, list(dict.fromkeys(problems))  # mnist.npz is asked four times


def read_array(dataset, path, name):
    """One array (uint8) from an IDX file, raw or gzipped, or from an .npz; raises Wrong unless it is the right one."""
    shape, expected = dataset.arrays[name]
    with open(path, "rb") as file:
        check_kind(file.read(512))
        file.seek(0)
        array = read_npz(file, name, shape) if path.suffix == ".npz" else parse_idx(unpacked(file, shape), shape)
    digest = hashlib.sha256(array).hexdigest()
    if digest != expected:
        others = [d.title for d in (MNIST, FASHION_MNIST) if digest == d.arrays[name][1]]
        raise Wrong(f"these are {others[0]}'s data" if others else f"the values are not {dataset.title}'s")
    return array


def check_kind(head):
    """Raise Wrong where a file's first bytes show one of the things that come instead of data."""
    if not head:
        raise Wrong("an empty file")
    if head.startswith(b"version https://git-lfs"):
        raise Wrong("a Git LFS pointer, not the data themselves")
    if head.lstrip().startswith(b"<"):
        raise Wrong("a web page (HTML), not the data")


def unpacked(file, shape):
    """The bytes of a raw or gzipped IDX file, at most one more than an array of this shape needs."""
    limit = 4 + 4 * len(shape) + math.prod(shape) + 1
    zipped = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    if not zipped:
        return file.read(limit)
    try:
        data = gzip.GzipFile(fileobj=file).read(limit)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Wrong(f"a damaged or truncated gzip file ({error})") from None
    if not data:
        raise Wrong("a gzip file with nothing in it")
    return data


def parse_idx(data, shape):
    """The uint8 array of this shape in the bytes of an IDX file; raises Wrong if they are anything else.

    The format: 0, 0, 8 for unsigned bytes, the number of dimensions; then each size in 4 bytes, big-endian; then the
    values. Nothing is allocated by a size that the file claims.
    """
    n, size = len(shape), math.prod(shape)
    start = 4 + 4 * n
    if data[:4] != bytes([0, 0, 8, n]):
        raise Wrong(f"no IDX file: begins with {data[:4].hex(' ')}, not with {bytes([0, 0, 8, n]).hex(' ')}")
    if len(data) < start:
        raise Wrong(f"truncated: {len(data)} bytes, and the header alone has {start}")
    sizes = struct.unpack(f">{n}I", data[4:start])
    if sizes != shape:
        raise Wrong(f"its header says {times(sizes)}, expected {times(shape)}")
    if len(data) != start + size:
        what = "too long" if len(data) > start + size else f"truncated: {len(data)} bytes"
        raise Wrong(f"{what}, expected {start + size} bytes")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


def read_npz(file, name, shape):
    """The array `name` (uint8) of this shape from an open .npz file; raises Wrong if there is anything else.

    np.load would allocate what the header claims, and unpack whatever is there.
    """
    size = math.prod(shape)
    try:
        with zipfile.ZipFile(file) as archive, archive.open(f"{name}.npy") as member:
            if np.lib.format.read_magic(member) != (1, 0):
                raise Wrong(f"{name} is written in a newer form of .npy")
            found = np.lib.format.read_array_header_1_0(member)
            if found != (shape, False, np.dtype(np.uint8)):
                raise Wrong(f"{name} is {found[2]} of shape {found[0]}, expected uint8 of shape {shape}")
            data = member.read(size + 1)
    except Wrong:
        raise
    except Exception as error:  # zipfile has a dozen kinds of errors for damaged files
        raise Wrong(f"no .npz file with {name} ({error})") from None
    if len(data) != size:
        raise Wrong(f"{name} has not as many values as its header says")
    return np.frombuffer(data, np.uint8).reshape(shape)


def times(shape):
    return "×".join(map(str, shape))


# --- fetching: into a folder of its own, and to the right place only when it is whole ------------------------------


def fetch_missing(dataset, folder, found):
    """Download what is not in `found`, from the first mirror that has it. Returns what went wrong, a list of lines."""
    if offline():
        return []
    import requests

    missing, problems = [name for name in FILES if name not in found], []
    for mirror in dataset.mirrors:
        names = ["all"] if mirror.endswith(".npz") else list(missing)
        for name in names if missing else []:
            url = mirror if name == "all" else f"{mirror}{FILES[name]}.gz"
            file = url.rpartition("/")[2]
            try:
                fetch(url, dataset.hashes[file], folder / file)
                missing = [] if name == "all" else [other for other in missing if other != name]
            except (requests.RequestException, TimeoutError, ValueError) as error:
                problems.append(f"{url}: {reason(error)}")
                if isinstance(error, requests.ConnectionError | requests.Timeout | TimeoutError):
                    break  # not once more for each file
            except OSError as error:
                raise DataError(
                    f"cannot write to {folder}: {error.strerror or error}. Make room or get the permission; or set "
                    "COURSE_DATA to another folder"
                ) from None
    return problems


def fetch(url, known_hash, target):
    """Download url to the path `target`, which changes only if the hash is right, and in one step."""
    import pooch

    pooch.get_logger().setLevel("WARNING")  # it would announce every file on stderr
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".download-") as place:
        new = pooch.retrieve(url, known_hash, target.name, place, downloader=download)
        try:
            os.replace(new, target)
        except PermissionError:  # Windows, where another download has been first, and its file is being read
            if not (target.is_file() and pooch.hashes.hash_matches(target, known_hash)):
                raise


def download(url, output_file, _):
    """Write what url gives to the path output_file, as pooch wants it of a downloader, and show how far it is."""
    import requests

    start = shown = time.monotonic()
    plain = {"Accept-Encoding": "identity"}  # or a server may unpack the .gz on the way
    with requests.get(url, stream=True, timeout=TIMEOUT, headers=plain) as response, open(output_file, "w+b") as file:
        response.raise_for_status()
        total = response.headers.get("Content-Length", "")
        of = f" of {int(total) / 1e6:.1f}" if total.isdecimal() else ""
        for chunk in response.iter_content(256):  # small, because a chunk is waited for until it is full
            file.write(chunk)
            now = time.monotonic()
            if now - start > TIMEOUT and file.tell() < SLOWEST * (now - start):
                raise TimeoutError(f"only {file.tell()} bytes in {now - start:.0f} s")
            if now - shown > 0.5:
                print(f"\r{url} {file.tell() / 1e6:.1f}{of} MB", end="", flush=True)
                shown = now
        print(f"\r{url} {file.tell() / 1e6:.1f}{of} MB", flush=True)
        file.seek(0)
        check_kind(file.read(512))


def reason(error):
    """Why a mirror was of no use, in a few words."""
    import requests

    if isinstance(error, requests.HTTPError):
        return f"{error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.Timeout) or "timed out" in str(error):
        return f"no answer for {TIMEOUT} s"
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        broken = "IncompleteRead" in str(error) or "broken" in str(error) or "reset" in str(error)
        return "the connection broke off" if broken else "no connection"
    if isinstance(error, Wrong | TimeoutError | requests.RequestException):
        return str(error)
    return "another file than expected (its hash is wrong)"


def main(names):
    """Fetch the data sets of these folders: python -m common.mnist mnist fashion_mnist"""
    try:
        for dataset in (MNIST, FASHION_MNIST):
            if dataset.folder in names:
                load(dataset, download=True, images=False)
                print(f"{dataset.title} is there, and whole")
    except DataError as error:
        return str(error)
    except KeyboardInterrupt:
        return "\nstopped; what was whole is kept"
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["mnist"]))
