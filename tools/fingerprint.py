"""Which files of `common` a piece of code rests on, and a hash of what they compute.

Comments, docstrings and layout do not count: they change no number. A stored experiment and a built notebook remember
this hash, so that what depends on a changed formula is found, and nothing else is computed again.
"""

import ast
import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def strip_docstrings(tree):
    """The syntax tree without docstrings (in place)."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
            and isinstance(body[0].value.value, str)
        ):
            node.body = body[1:] or [ast.Pass()]
    return tree


def normalized(code):
    """Code as its syntax tree, without comments and docstrings."""
    return _text(strip_docstrings(ast.parse(code)))


def _text(node):
    """As ast.dump, but the same for every Python: newer ones know of more fields, which are empty in older code."""
    if isinstance(node, ast.JoinedStr):  # 3.12.1 has an empty piece where others have none
        node = ast.JoinedStr([piece for piece in node.values if piece.value != ""])
    if isinstance(node, ast.AST):
        fields = [
            f"{name}={_text(value)}" for name, value in ast.iter_fields(node) if value is not None and value != []
        ]
        return f"{type(node).__name__}({', '.join(fields)})"
    return f"[{', '.join(map(_text, node))}]" if isinstance(node, list) else repr(node)


def imported_modules(code):
    """The files of `common` that the code imports, directly or through one another, sorted."""
    found, waiting = set(), [code]
    while waiting:
        for node in ast.walk(ast.parse(waiting.pop())):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            for file in filter(None, map(_file, names)):
                if file not in found:
                    found.add(file)
                    waiting.append(file.read_text(encoding="utf-8"))
    return sorted(found)


def _file(name):
    if name.split(".")[0] != "common":
        return None
    base = ROOT.joinpath(*name.split("."))
    return next((f for f in (base.with_suffix(".py"), base / "__init__.py") if f.is_file()), None)


def fingerprint(code, extra=()):
    """Hash of the code, of all it imports from `common`, and of the extra texts or bytes."""
    digest = hashlib.sha256(normalized(code).encode())
    for file in imported_modules(code):
        digest.update(normalized(file.read_text(encoding="utf-8")).encode())
    for item in extra:
        digest.update(item if isinstance(item, bytes) else item.encode())
    return digest.hexdigest()[:16]
