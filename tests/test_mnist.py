"""mnist.py: the right data or one clear error, whatever lies on the disk and whatever a server sends.

Two small data sets stand for MNIST and Fashion-MNIST, a server on this machine for the mirrors.
"""

import gzip
import hashlib
import http.server
import io
import os
import re
import socket
import struct
import threading
import time
import tracemalloc
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common import datasets, mnist
from common.mnist import FILES, DataError, Wrong, load_fashion_mnist, load_mnist

repeatable = settings(derandomize=True, deadline=None)
SHAPES = {"x_train": (60, 28, 28), "y_train": (60,), "x_test": (20, 28, 28), "y_test": (20,)}
NAMES = {name: f"{stem}.gz" for name, stem in FILES.items()}
ALL_NAMES = set(NAMES.values())


# --- two small data sets ------------------------------------------------------------------------------------------


def make_arrays(seed):
    rng = np.random.default_rng(seed)
    return {n: rng.integers(0, 256 if n[0] == "x" else 10, shape).astype(np.uint8) for n, shape in SHAPES.items()}


def idx(array):
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def npz(**arrays):
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def make_files(arrays):
    return {NAMES[name]: gzip.compress(idx(array), mtime=0) for name, array in arrays.items()} | {
        "mnist.npz": npz(**arrays)
    }


DIGITS, CLOTHES = make_arrays(1), make_arrays(2)
GOOD, OTHER = make_files(DIGITS), make_files(CLOTHES)


def small(dataset, arrays, files):
    return replace(
        dataset,
        mirrors=(),
        hashes={name: "md5:" + hashlib.md5(data).hexdigest() for name, data in files.items()},
        arrays={name: (a.shape, hashlib.sha256(a).hexdigest()) for name, a in arrays.items()},
    )


SMALL = {"MNIST": small(mnist.MNIST, DIGITS, GOOD), "FASHION_MNIST": small(mnist.FASHION_MNIST, CLOTHES, OTHER)}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty $COURSE_DATA/mnist; no mirrors, so that no test can reach the network."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.delenv("COURSE_OFFLINE")
    monkeypatch.setenv("NO_PROXY", "*")
    for name, dataset in SMALL.items():
        monkeypatch.setattr(mnist, name, dataset)
    (tmp_path / "mnist").mkdir()
    return tmp_path / "mnist"


def put(folder, files):
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def four(files):
    return {name: data for name, data in files.items() if name in ALL_NAMES}


def assert_right(loaded, arrays=DIGITS):
    (x_train, d_train), (x_test, d_test) = loaded
    np.testing.assert_array_equal(x_train, arrays["x_train"].reshape(60, 784) / np.float32(255))
    np.testing.assert_array_equal(x_test, arrays["x_test"].reshape(20, 784) / np.float32(255))
    np.testing.assert_array_equal(d_train, arrays["y_train"])
    np.testing.assert_array_equal(d_test, arrays["y_test"])


# --- a server that behaves as it is told --------------------------------------------------------------------------


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.closing, self.asked, self.barrier = threading.Event(), [], None
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def address(self, behaviour):
        return f"http://127.0.0.1:{self.server_port}/{behaviour}/"

    def handle_error(self, request, client_address):
        pass  # a client that gives up


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        _, behaviour, name = self.path.split("/")
        self.server.asked.append((behaviour, name))
        if self.server.barrier:
            self.server.barrier.wait(10)
        getattr(self, behaviour)(GOOD[name], name)

    def answer(self, data, status=200, length=None, sent=None):
        self.send_response(status)
        if length is not False:
            self.send_header("Content-Length", str(length or len(data)))
        self.end_headers()
        self.wfile.write(data[:sent])

    def log_message(self, *_):
        pass

    def good(self, data, name):
        self.answer(data)

    def missing(self, data, name):
        self.answer(b"no such file", 404)

    def forbidden(self, data, name):
        self.answer(b"<?xml version='1.0'?><Error/>", 403)

    def page(self, data, name):
        self.answer(b"\n<!DOCTYPE html><html><body>Please log in to the network</body></html>")

    def pointer(self, data, name):
        self.answer(b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9912422\n")

    def truncated(self, data, name):
        self.answer(data[:-10], length=False)

    def damaged(self, data, name):
        self.answer(data[:-10] + bytes(10))

    def empty(self, data, name):
        self.answer(b"", length=False)

    def empty_gzip(self, data, name):
        self.answer(gzip.compress(b""))

    def clothes(self, data, name):
        self.answer(OTHER[name])

    def dies(self, data, name):
        self.answer(data, sent=len(data) // 2)

    def resets(self, data, name):
        self.answer(data, sent=len(data) // 2)
        self.connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
        )
        self.connection.close()

    def silent(self, data, name):
        self.server.closing.wait(10)

    def stalls(self, data, name):
        self.answer(data, sent=len(data) // 2)
        self.server.closing.wait(10)

    def trickles(self, data, name):
        self.answer(data, sent=0)
        for i in range(0, 2500, 100):  # five seconds
            if self.server.closing.wait(0.2):
                break
            self.wfile.write(data[i : i + 100])

    def loops(self, data, name):
        self.send_response(302)
        self.send_header("Location", self.path)
        self.end_headers()

    def lies(self, data, name):
        """The size is no number."""
        self.answer(data, length="many")

    def only_images(self, data, name):
        (self.good if "images" in name else self.missing)(data, name)

    def only_labels(self, data, name):
        (self.good if "labels" in name else self.missing)(data, name)


SLOW = {"silent", "stalls", "trickles"}


@pytest.fixture
def server():
    server = Server()
    yield server
    server.closing.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def mirrors(server, monkeypatch):
    """Set MNIST's mirrors: behaviours of the server."""

    def set_mirrors(*behaviours):
        if SLOW & set(behaviours):
            monkeypatch.setattr(mnist, "TIMEOUT", 1)
        addresses = tuple(server.address(b) for b in behaviours)
        monkeypatch.setattr(mnist, "MNIST", replace(SMALL["MNIST"], mirrors=addresses))

    return set_mirrors


def refused():
    """The address of a server that is not there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/"


# --- files that are there -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["gz", "raw", "dotted", "npz", "raw called gz", "gz called raw", "mixed"])
def test_every_form_is_read(folder, form):
    raw = {stem: idx(DIGITS[name]) for name, stem in FILES.items()}
    files = {
        "gz": four(GOOD),
        "raw": raw,
        "dotted": {name.replace("-idx", ".idx"): data for name, data in raw.items()},
        "npz": {"mnist.npz": GOOD["mnist.npz"]},
        "raw called gz": {f"{name}.gz": data for name, data in raw.items()},
        "gz called raw": {name.removesuffix(".gz"): data for name, data in four(GOOD).items()},
        "mixed": {NAMES["y_test"]: GOOD[NAMES["y_test"]], FILES["x_test"]: raw[FILES["x_test"]]}
        | {"mnist.npz": npz(x_train=DIGITS["x_train"], y_train=DIGITS["y_train"])},
    }[form]
    put(folder, files)
    assert_right(load_mnist())
    assert_right(load_mnist(download=True))  # there is nothing to fetch, and no mirror that could
    assert content(folder) == files


def test_shapes_and_types(folder):
    put(folder, GOOD)
    (x_train, d_train), (x_test, d_test) = load_mnist(images=True)
    assert x_train.shape == (60, 1, 28, 28) and x_test.shape == (20, 1, 28, 28)
    assert x_train.dtype == x_test.dtype == np.float32 and x_train.min() >= 0 and x_train.max() == 1
    assert d_train.dtype == d_test.dtype == np.int64
    np.testing.assert_array_equal(x_train.reshape(60, 784), load_mnist()[0][0])
    x_train[0] = d_train[0] = 0  # they may be changed


def test_the_two_sets_have_folders_of_their_own(folder):
    put(folder, GOOD)
    put(folder.with_name("fashion_mnist"), OTHER)
    assert_right(load_fashion_mnist(), CLOTHES)
    assert_right(load_mnist(), DIGITS)


def test_they_are_among_the_datasets(folder):
    put(folder, GOOD)
    assert_right(datasets.load_mnist())
    assert_right(datasets.load("MNIST"))
    with pytest.raises(DataError, match="Fashion-MNIST is not in"):
        datasets.load("Fashion-MNIST")
    with pytest.raises(ValueError, match="unknown dataset 'MNITS': there are .*MNIST"):
        datasets.load("MNITS")


def test_without_course_data_the_files_are_in_data(folder, monkeypatch):
    put(folder, GOOD)
    monkeypatch.delenv("COURSE_DATA")
    monkeypatch.setattr(mnist, "DATA", folder.parent)
    assert_right(load_mnist())


def test_a_good_file_beside_a_bad_one_is_enough(folder):
    put(folder, GOOD | {NAMES["x_train"]: b"<html>"})
    assert_right(load_mnist())  # from mnist.npz


def header(*sizes):
    return bytes([0, 0, 8, len(sizes)]) + struct.pack(f">{len(sizes)}I", *sizes)


RAW = idx(DIGITS["x_train"])
BAD = {  # x_train's .gz file, and what the message says about it
    "empty": (b"", "an empty file"),
    "empty gzip": (gzip.compress(b""), "a gzip file with nothing in it"),
    "page": (b"  \n<html><body>404</body></html>", "a web page"),
    "pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "a Git LFS pointer"),
    "gzip cut": (GOOD[NAMES["x_train"]][:-1000], "a damaged or truncated gzip file"),
    "gzip cut early": (GOOD[NAMES["x_train"]][:5], "a damaged or truncated gzip file"),
    "gzip damaged": (GOOD[NAMES["x_train"]][:10] + b"\xff" * 50, "a damaged or truncated gzip file"),
    "text": (b"hello, world", "no IDX file: begins with 68 65 6c 6c, not with 00 00 08 03"),
    "labels": (gzip.compress(idx(DIGITS["y_train"])), "no IDX file: begins with 00 00 08 01"),
    "of floats": (bytes([0, 0, 13, 3]) + RAW[4:], "no IDX file: begins with 00 00 0d 03"),
    "header cut": (RAW[:10], "truncated: 10 bytes, and the header alone has 16"),
    "too short": (RAW[:-1], "truncated: 47055 bytes, expected 47056"),
    "too long": (RAW + b"\0", "too long, expected 47056"),
    "test images": (GOOD[NAMES["x_test"]], "its header says 20×28×28, expected 60×28×28"),
    "turned": (header(28, 28, 60) + RAW[16:], "its header says 28×28×60"),
    "huge claim": (header(2**32 - 1, 2**32 - 1, 2**32 - 1), "its header says 4294967295×4294967295×4294967295"),
    "clothes": (OTHER[NAMES["x_train"]], "these are Fashion-MNIST's data"),
    "one pixel": (RAW[:-1] + bytes([RAW[-1] ^ 1]), "the values are not MNIST's"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_named_and_what_to_do(folder, case):
    data, words = BAD[case]
    files = four(GOOD) | {NAMES["x_train"]: data}
    put(folder, files)
    with pytest.raises(DataError) as caught:
        load_mnist()
    message = str(caught.value)
    assert f"{NAMES['x_train']}: {words}" in message
    assert "MNIST is not in" in message and str(folder) in message and "load_mnist(download=True)" in message
    assert message.count(".gz: ") == 1 and "t10k" not in message
    assert content(folder) == files


def with_header(shape, dtype="|u1"):
    """An .npz whose x_train claims this shape."""
    file, member = io.BytesIO(), io.BytesIO()
    np.lib.format.write_array_header_1_0(member, {"descr": dtype, "fortran_order": False, "shape": shape})
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x_train.npy", member.getvalue() + b"\0" * 100)
    return file.getvalue()


PICKLED = np.array([{"a": 1}], dtype=object)
BAD_NPZ = {
    "not a zip": (b"PK\x03\x04" + b"x" * 500, "no .npz file with x_train"),
    "cut": (GOOD["mnist.npz"][:-200], "no .npz file with x_train"),
    "damaged": (GOOD["mnist.npz"][:200] + b"\0" * 500 + GOOD["mnist.npz"][700:], "no .npz file with x_train"),
    "without": (npz(y_train=DIGITS["y_train"]), "no .npz file with x_train"),
    "pickle": (npz(x_train=PICKLED), "x_train is object of shape (1,), expected uint8"),
    "floats": (npz(x_train=DIGITS["x_train"] / 255), "x_train is float64 of shape (60, 28, 28)"),
    "flat": (npz(x_train=DIGITS["x_train"].reshape(60, -1)), "x_train is uint8 of shape (60, 784)"),
    "huge claim": (with_header((10**6, 10**6, 10**6)), "x_train is uint8 of shape (1000000, 1000000, 1000000)"),
    "short": (with_header((60, 28, 28)), "x_train has not as many values"),
    "clothes": (OTHER["mnist.npz"], "these are Fashion-MNIST's data"),
    "pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "a Git LFS pointer"),
    "page": (b"<html>", "a web page"),
}


@pytest.mark.parametrize("case", BAD_NPZ)
def test_a_bad_npz_too(folder, case):
    data, words = BAD_NPZ[case]
    put(folder, {"mnist.npz": data})
    with pytest.raises(DataError, match=f"mnist.npz: .*{re.escape(words)}"):
        load_mnist()
    assert content(folder) == {"mnist.npz": data}


def test_nothing_there(folder, monkeypatch):
    for place in (folder, folder.with_name("fashion_mnist")):
        if place.exists():
            place.rmdir()
    with pytest.raises(DataError, match=r"(?s)^MNIST is not in .*train-images.*load_mnist\(download=True\) fetches"):
        load_mnist()
    with pytest.raises(DataError, match=r"(?s)^Fashion-MNIST .*load_fashion_mnist\(download=True\)"):
        load_fashion_mnist()
    assert not folder.exists()


def test_a_folder_in_the_place_of_a_file(folder):
    put(folder, four(GOOD))
    (folder / NAMES["x_test"]).unlink()
    (folder / NAMES["x_test"]).mkdir()
    with pytest.raises(DataError, match=r"t10k-images-idx3-ubyte.gz: cannot be read"):
        load_mnist()


# --- the parser, and what it may cost -----------------------------------------------------------------------------


@repeatable
@given(data=st.binary(max_size=200), shape=st.sampled_from([(5,), (2, 3, 2), (0,), (3, 0, 2)]))
def test_any_bytes_give_the_array_or_an_error(data, shape):
    try:
        array = mnist.parse_idx(data, shape)
    except Wrong:
        return
    assert array.shape == shape and idx(array) == data


VALID = idx(np.arange(12, dtype=np.uint8).reshape(2, 3, 2))


@repeatable
@given(place=st.integers(0, len(VALID) - 1), byte=st.integers(0, 255), cut=st.integers(-5, 5))
def test_a_changed_header_or_length_is_seen_and_changed_values_are_read(place, byte, cut):
    data = bytearray(VALID)
    data[place] = byte
    data = bytes(data[: len(data) + cut] if cut < 0 else data + bytes(cut))
    if cut == 0 and data[:16] == VALID[:16]:
        np.testing.assert_array_equal(mnist.parse_idx(data, (2, 3, 2)).ravel(), list(data[16:]))
    else:
        with pytest.raises(Wrong, match=r"IDX|truncated|its header says|too long"):
            mnist.parse_idx(data, (2, 3, 2))


SMALL_NPZ = npz(a=np.arange(12, dtype=np.uint8).reshape(2, 3, 2))


@repeatable
@given(changes=st.lists(st.tuples(st.integers(0, len(SMALL_NPZ) - 1), st.integers(0, 255)), max_size=4))
def test_a_damaged_npz_gives_an_array_or_an_error(changes):
    data = bytearray(SMALL_NPZ)
    for place, byte in changes:
        data[place] = byte
    try:
        array = mnist.read_npz(io.BytesIO(data), "a", (2, 3, 2))
    except Wrong:
        return
    assert array.shape == (2, 3, 2) and array.dtype == np.uint8


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (FILES["x_train"], header(2**32 - 1, 28, 28) + bytes(1000)),
        (FILES["x_train"], header(60, 28, 28) + bytes(20_000_000)),
        (NAMES["x_train"], gzip.compress(header(60, 28, 28) + bytes(20_000_000))),
        ("mnist.npz", with_header((2**31, 28, 28))),
        ("mnist.npz", npz(x_train=np.zeros((20_000, 28, 28), np.uint8))),
    ],
    # Without ids the bytes would be the test's name, and they hold the time: each worker would collect other tests.
    ids=["idx, short", "idx, long", "gzip", "npz, short", "npz, long"],
)
def test_nothing_is_allocated_that_a_file_only_claims(folder, name, data):
    put(folder, {name: data})
    tracemalloc.start()
    try:
        with pytest.raises(DataError):
            load_mnist()
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


# --- downloads ----------------------------------------------------------------------------------------------------

FAULTS = {  # behaviour: what the message says
    "missing": "404 Not Found",
    "forbidden": "403 Forbidden",
    "page": "a web page",
    "pointer": "a Git LFS pointer",
    "truncated": "its hash is wrong",
    "damaged": "its hash is wrong",
    "empty": "an empty file",
    "empty_gzip": "its hash is wrong",
    "clothes": "its hash is wrong",
    "dies": "the connection broke off",
    "resets": "the connection broke off",
    "silent": "no answer for 1 s",
    "stalls": "no answer for 1 s",
    "trickles": "bytes in",
    "loops": "redirects",
}


def test_a_download(folder, mirrors, server, capsys):
    folder.rmdir()
    mirrors("good", "page")
    assert_right(load_mnist(download=True))
    assert content(folder) == four(GOOD)
    assert sorted(server.asked) == sorted(("good", name) for name in ALL_NAMES)
    shown = capsys.readouterr()
    assert "train-images-idx3-ubyte.gz" in shown.out and "MB" in shown.out and shown.err == ""
    assert_right(load_mnist())
    assert_right(load_mnist(download=True))
    assert len(server.asked) == 4


def test_nothing_is_fetched_unasked(folder, mirrors, server):
    mirrors("good")
    with pytest.raises(DataError):
        load_mnist()
    assert server.asked == [] and content(folder) == {}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_server_gives_one_clear_error_and_leaves_nothing(folder, mirrors, fault):
    mirrors(fault)
    start = time.perf_counter()
    with pytest.raises(DataError) as caught:
        load_mnist(download=True)
    message = str(caught.value)
    assert f"/{fault}/train-images-idx3-ubyte.gz: " in message and FAULTS[fault] in message
    assert "MNIST is not in" in message and "place the files by hand" in message
    assert content(folder) == {} and time.perf_counter() - start < 10


@pytest.mark.parametrize("fault", FAULTS)
def test_the_second_mirror_has_it(folder, mirrors, fault):
    mirrors(fault, "good")
    assert_right(load_mnist(download=True))
    assert content(folder) == four(GOOD)


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in ("silent", "trickles")])
def test_good_files_stay_and_bad_ones_are_replaced_by_good_ones_only(folder, mirrors, fault):
    files = {NAMES["x_test"]: GOOD[NAMES["x_test"]], NAMES["y_test"]: b"<html>"}
    put(folder, files)
    before = (folder / NAMES["x_test"]).stat()
    mirrors(fault)
    with pytest.raises(DataError):
        load_mnist(download=True)
    assert content(folder) == files
    mirrors(fault, "good")
    assert_right(load_mnist(download=True))
    assert content(folder) == four(GOOD)
    after = (folder / NAMES["x_test"]).stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)  # never touched


def test_a_size_that_is_no_number_does_no_harm(mirrors):
    mirrors("lies")
    assert_right(load_mnist(download=True))


def test_no_network(folder, mirrors, monkeypatch):
    monkeypatch.setattr(mnist, "MNIST", replace(SMALL["MNIST"], mirrors=(refused(), refused())))
    with pytest.raises(DataError) as caught:
        load_mnist(download=True)
    assert str(caught.value).count("no connection") == 2  # once for each mirror, not for each file
    assert content(folder) == {}


def test_a_mirror_that_has_some_of_the_files(folder, mirrors, server):
    mirrors("only_images", "only_labels")
    assert_right(load_mnist(download=True))
    assert content(folder) == four(GOOD)


def test_an_npz_may_be_the_last_mirror(folder, mirrors, server, monkeypatch):
    mirrors("only_images")
    addresses = (*mnist.MNIST.mirrors, server.address("good") + "mnist.npz")
    monkeypatch.setattr(mnist, "MNIST", replace(mnist.MNIST, mirrors=addresses))
    assert_right(load_mnist(download=True))
    assert set(content(folder)) == {NAMES["x_train"], NAMES["x_test"], "mnist.npz"}
    assert server.asked[-1] == ("good", "mnist.npz")
    server.asked.clear()
    assert_right(load_mnist(download=True))
    assert server.asked == []


def test_offline_means_offline(folder, mirrors, server, monkeypatch):
    mirrors("good")
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    with pytest.raises(DataError, match="(?s)COURSE_OFFLINE is set.*unset COURSE_OFFLINE"):
        load_mnist(download=True)
    assert server.asked == [] and content(folder) == {}
    put(folder, GOOD)
    assert_right(load_mnist(download=True))
    monkeypatch.setenv("COURSE_OFFLINE", "0")
    assert not mnist.offline()


def test_two_downloads_at_once(folder, mirrors, server):
    mirrors("good")
    server.barrier = threading.Barrier(2)  # every answer waits for the other download's question
    results, errors = [], []

    def run():
        try:
            results.append(load_mnist(download=True))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert errors == [] and len(results) == 2 and len(server.asked) == 8
    for result in results:
        assert_right(result)
    assert content(folder) == four(GOOD)


def test_a_reader_never_sees_half_a_file(folder, mirrors, monkeypatch):
    """While a download is at work, its place is empty, or the old file is there."""
    put(folder, {NAMES["x_train"]: b"<html>"})
    seen, fetched = [], mnist.download

    def watched(url, output_file, pooch):
        fetched(url, output_file, pooch)
        seen.append({name: data for name, data in content_of_files(folder).items()})

    monkeypatch.setattr(mnist, "download", watched)
    mirrors("good")
    assert_right(load_mnist(download=True))
    assert seen[0] == {NAMES["x_train"]: b"<html>"} and len(seen) == 4
    assert all(data == GOOD[name] for files in seen[1:] for name, data in files.items())


def content_of_files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_an_interrupted_download_leaves_nothing(folder, mirrors, monkeypatch):
    fetched = mnist.download

    def interrupted(url, output_file, pooch):
        fetched(url, output_file, pooch)
        raise KeyboardInterrupt

    monkeypatch.setattr(mnist, "download", interrupted)
    mirrors("good")
    with pytest.raises(KeyboardInterrupt):
        load_mnist(download=True)
    assert content(folder) == {}


def test_a_full_disk(folder, mirrors, server):
    resource = pytest.importorskip("resource", reason="Windows has no limit for the size of a file")
    put(folder, {NAMES["y_test"]: GOOD[NAMES["y_test"]]})
    mirrors("good", "good")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))  # x_train.gz does not fit
    try:
        with pytest.raises(DataError, match=r"cannot write to .*mnist: File too large\. Make room"):
            load_mnist(download=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert content(folder) == {NAMES["y_test"]: GOOD[NAMES["y_test"]]}
    assert len(server.asked) == 1  # another mirror would not help


def test_a_folder_that_may_not_be_written_to(folder, mirrors, monkeypatch):
    mirrors("good")
    monkeypatch.setenv("COURSE_DATA", str(folder / "file"))
    (folder / "file").write_text("in the way")
    with pytest.raises(DataError, match=r"cannot write to .*set COURSE_DATA to another folder"):
        load_mnist(download=True)


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_read_only_folder(folder, mirrors):
    mirrors("good")
    folder.chmod(0o500)
    try:
        with pytest.raises(DataError, match=r"cannot write to .*Permission denied"):
            load_mnist(download=True)
    finally:
        folder.chmod(0o700)


def test_a_file_system_that_is_read_only(folder, mirrors, monkeypatch):
    def refuse(*_, **__):
        raise OSError(30, "Read-only file system")

    mirrors("good")
    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(DataError, match=r"cannot write to .*Read-only file system"):
        load_mnist(download=True)


def test_on_windows_the_first_of_two_downloads_may_be_in_use(folder, mirrors, monkeypatch):
    def refuse(source, target):
        raise PermissionError(13, "Permission denied")

    mirrors("good")
    put(folder, {NAMES["x_train"]: b"<html>"})
    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(DataError, match="cannot write to"):
        load_mnist(download=True)
    address, name = mnist.MNIST.mirrors[0], NAMES["x_train"]
    put(folder, {name: GOOD[name]})
    mnist.fetch(address + name, mnist.MNIST.hashes[name], folder / name)
    assert content(folder) == {name: GOOD[name]}


# --- the command, and the real sets -------------------------------------------------------------------------------


def test_the_command(folder, mirrors, capsys):
    mirrors("missing")
    assert "MNIST is not in" in mnist.main(["mnist"])
    mirrors("good")
    assert mnist.main(["mnist"]) == 0
    assert "MNIST is there, and whole" in capsys.readouterr().out


def test_the_real_sets_are_described_completely():
    from importlib import util

    spec = util.find_spec("common.mnist")  # anew: the fixture has replaced the sets
    real = util.module_from_spec(spec)
    spec.loader.exec_module(real)
    for dataset in (real.MNIST, real.FASHION_MNIST):
        assert set(dataset.arrays) == set(FILES)
        assert [dataset.arrays[name][0] for name in FILES] == [(60000, 28, 28), (60000,), (10000, 28, 28), (10000,)]
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for _, digest in dataset.arrays.values())
        assert all(re.fullmatch("md5:[0-9a-f]{32}|sha256:[0-9a-f]{64}", digest) for digest in dataset.hashes.values())
        for mirror in dataset.mirrors:
            assert mirror.startswith("http")
            assert mirror.endswith("/") or mirror.rpartition("/")[2] in dataset.hashes
        assert set(dataset.hashes) >= ALL_NAMES
    hashes = [
        h for s in (real.MNIST, real.FASHION_MNIST) for h in [*s.hashes.values(), *(a[1] for a in s.arrays.values())]
    ]
    assert len(set(hashes)) == len(hashes)
    assert len(real.FASHION_CLASSES) == 10
