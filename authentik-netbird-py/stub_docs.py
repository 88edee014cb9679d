"""Writes the docstrings of `_native.pyi`: those that the classes have at run time, for editors.

python stub_docs.py, with the package installed; then `ruff format`. A test holds the two together.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

STUB = Path(__file__).parent / "python/authentik_netbird/_native.pyi"
Item = tuple[str, ast.stmt, ast.Expr | None, str | None]


def items(tree: ast.Module) -> Iterator[Item]:
    """Each public item: its name, its statement, its docstring there and the one at run time."""
    import authentik_netbird  # completes the docstrings of options
    from authentik_netbird import _native

    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    for node, following in _pairs(tree.body):
        if isinstance(node, ast.ClassDef):
            # What classes have in common, in the first one that has it.
            found = getattr(_native, node.name, None) or next(
                getattr(_native, one.name) for one in classes if node.name in _bases(one)
            )
            if hasattr(_native, node.name):
                yield node.name, node, _docstring(node), inspect.getdoc(found)
            seen = set()
            for member, after in _pairs(node.body):
                name = _name(member)
                if name and not name.startswith("_") and name not in seen:
                    seen.add(name)  # of overloads the first
                    text = inspect.getdoc(getattr(found, name))
                    yield f"{node.name}.{name}", member, _docstring(member, after), text
        else:
            name = _name(node)
            if name and not name.startswith("_"):
                text = inspect.getdoc(getattr(_native, name))
                is_constant = isinstance(node, ast.AnnAssign)
                docstring = _docstring(node, following)
                yield name, node, docstring, None if is_constant else text
    del authentik_netbird


def _pairs(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, ast.stmt | None]]:
    return zip(body, [*body[1:], None], strict=True)


def _bases(node: ast.ClassDef) -> set[str]:
    return {ast.unparse(base).partition("[")[0] for base in node.bases}


def _name(node: ast.stmt) -> str | None:
    if isinstance(node, ast.FunctionDef):
        return node.name
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    return None


def _docstring(node: ast.stmt, following: ast.stmt | None = None) -> ast.Expr | None:
    first = node.body[0] if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else following
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return first if isinstance(first.value.value, str) else None
    return None


def text_of(docstring: ast.Expr | None) -> str | None:
    """The text of a docstring."""
    if docstring is None:
        return None
    return inspect.cleandoc(ast.literal_eval(docstring.value)).rstrip()


def _generated(lines: list[str]) -> set[int]:
    """Numbers of the lines that are written from the table of options."""
    numbers, inside = set(), False
    for number, line in enumerate(lines, 1):
        inside = (inside or "# Generated" in line) and "# End of what is generated" not in line
        if inside:
            numbers.add(number)
    return numbers


def written(stub: str) -> str:
    """The stub with the docstrings of run time."""
    lines = stub.split("\n")
    generated = _generated(lines)
    changes = []
    for _, node, docstring, text in items(ast.parse(stub)):
        if text is None or node.lineno in generated or text_of(docstring) == text:
            continue
        is_block = isinstance(node, (ast.FunctionDef, ast.ClassDef))
        indent = " " * (node.col_offset + (4 if is_block else 0))
        new = _quoted(text, indent)
        if docstring is not None:
            changes.append((docstring.lineno - 1, docstring.end_lineno, new))
            continue
        end = node.end_lineno - 1
        if isinstance(node, ast.FunctionDef):
            changes.append((end, end + 1, [lines[end].removesuffix(" ..."), *new]))
        elif isinstance(node, ast.ClassDef):
            # Right below the line of the class: what is generated may come next.
            changes.append((node.lineno, node.lineno, new))
        else:
            changes.append((end + 1, end + 1, new))
    for start, end, new in sorted(changes, reverse=True):
        lines[start:end] = new
    return "\n".join(lines)


def _quoted(text: str, indent: str) -> list[str]:
    prefix = "r" if "\\" in text else ""
    lines = f'{prefix}"""{text}'.split("\n")
    lines = [indent + line if line else "" for line in lines]
    if len(lines) == 1 and len(lines[0]) < 97:
        return [lines[0] + '"""']
    return [*lines, indent + '"""']


if __name__ == "__main__":
    STUB.write_text(written(STUB.read_text()))
    sys.exit(0)
