"""docs/reference/python.md is written from the stubs and the modules of the package.

If it differs it is written anew, and the test fails once: look at the changes and commit them.
"""

import ast
import inspect
import re
from pathlib import Path

import authentik_netbird
from authentik_netbird import dicts, enums, errors, testing

PACKAGE = Path(authentik_netbird.__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "python.md"
HEAD = """\
<!-- Generated from the package (tests/test_reference.py). Do not edit. -->
# Python API

Everything is imported from `authentik_netbird`, except [Testing](#testing) and [Dicts](#dicts).
The [tutorial](../python.md) shows how the parts work together. Arguments after `*` are
keyword-only. A class with an entry in [Dicts](#dicts) has `to_dict`, `to_json`, `from_dict` and
`from_json`.
"""
SECTIONS = {
    "Clients": [
        "Client",
        "AsyncClient",
        "ConnectionOptions",
        "verify",
        "first_start",
        "netbird_instance",
        "NetbirdInstance",
    ],
    "Integration": ["NetbirdIntegration", "RedirectUri", "options"],
    "Plans": [
        "Plan",
        "Operation",
        "FieldChange",
        "FieldValue",
        "ChangedBy",
        "PlanWarning",
        "Existing",
        "Blocker",
    ],
    "Results": ["ApplyEvent", "ApplyReport", "ReportEntry", "Outcome", "Provisioned"],
    "Configuration of NetBird": [
        "Outputs",
        "AccountOutputs",
        "ConnectorOutputs",
        "NetbirdEnv",
        "Variable",
        "FileChange",
        "VariableChange",
        "parse_setup_env",
        "CONFIGURE_COMMANDS",
    ],
    "Verification": ["Verification", "Check", "Expiry", "Status", "NetbirdSettings"],
    "Values": ["Secret", "Issue", "Resource"],
}


def definitions(file):
    tree = ast.parse((PACKAGE / file).read_text())
    found = {}
    for node, following in zip(tree.body, [*tree.body[1:], None], strict=True):
        name = getattr(node, "name", None) or getattr(getattr(node, "target", None), "id", None)
        found[name] = (node, following)
    return found


def docstring(node, following=None):
    if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
        return ast.get_docstring(node) or ""
    value = following.value if isinstance(following, ast.Expr) else None
    is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return inspect.cleandoc(value.value).strip() if is_text else ""


def joined(lines):
    return " " + " ".join(lines.split())


def markdown(text):
    """A docstring in Google's style as Markdown."""
    # What continues an argument or an exception.
    text = re.sub(r"(?m)^(    \S.*)((?:\n {8,}\S.*)+)", lambda m: m[1] + joined(m[2]), text)
    lines, code = [], False
    for line in text.splitlines():
        is_code = line.startswith((">>>", "...")) or (code and line != "")
        if is_code != code:
            lines += ["", "```python"] if is_code else ["```", ""]
            code = is_code
        if not is_code and (title := re.fullmatch(r"(Args|Raises):", line)):
            line = f"**{'Arguments' if title[1] == 'Args' else 'Raises'}**\n"
        elif not is_code and (entry := re.fullmatch(r"    (\w[\w*, ]*): (.*)", line)):
            names = ", ".join(f"`{name}`" for name in entry[1].split(", "))
            line = f"- {names}: {entry[2]}"
        elif not is_code:
            line = line.strip() if not line.startswith("- ") else line
        lines.append(line)
    text = "\n".join([*lines, "```"] if code else lines)
    return re.sub(r"\n{3,}", "\n\n", text).replace("```\n```python", "\n").strip()


def signature(node):
    arguments = ast.unparse(node.args)
    arguments = re.sub(r"^(self|cls)(, /)?(, )?", "", arguments).replace("'", '"')
    returned = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return arguments, returned.replace("'", '"').replace(
        "_Value", "str | bool | int | Secret | None"
    )


def decorated(node, name):
    return any(ast.unparse(one) == name for one in node.decorator_list)


def of_class(name, node):
    constructor = [one for one in node.body if getattr(one, "name", "") in ("__new__", "__init__")]
    lines = [f"### {name}", ""]
    if constructor and name != "NetbirdIntegration":
        lines += ["```python", f"{name}({signature(constructor[0])[0]})", "```", ""]
    text = docstring(node)
    if name == "NetbirdIntegration":
        before, _, after = text.partition("Args:")
        text = before + "Its arguments and attributes are the [options](options.md).\n\n"
        text += "Raises:" + after.partition("Raises:")[2]
    lines += [markdown(text), ""]
    attributes, methods, seen = [], [], set()
    for one, following in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(one, ast.AnnAssign) and not one.target.id.startswith("_"):
            kind = ast.unparse(one.annotation).removeprefix("Final[").removesuffix("]")
            attributes.append((one.target.id, kind, docstring(one, following)))
        if not isinstance(one, ast.FunctionDef) or one.name.startswith("_") or one.name in seen:
            continue
        seen.add(one.name)
        if decorated(one, "property"):
            attributes.append((one.name, signature(one)[1].removeprefix(" -> "), docstring(one)))
        else:
            arguments, returned = signature(one)
            kinds = [k for k in ("classmethod", "staticmethod") if decorated(one, k)]
            head = f"{name}.{one.name}" if kinds else one.name
            methods += [f"#### {name}.{one.name}", "", "```python"]
            methods += [f"{head}({arguments}){returned}", "```", "", markdown(docstring(one)), ""]
    if attributes and name != "NetbirdIntegration":
        lines += ["| attribute | type | meaning |", "|---|---|---|"]
        for attribute, kind, text in attributes:
            kind = kind.replace("|", "\\|").replace(
                "_Value", "str \\| bool \\| int \\| Secret \\| None"
            )
            lines.append(f"| `{attribute}` | `{kind}` | {cell(text)} |")
        lines.append("")
    return lines + methods


def cell(text):
    return " ".join(text.split()).replace("|", "\\|")


def of(name, found):
    node, following = found[name]
    if isinstance(node, ast.ClassDef):
        return of_class(name, node)
    if isinstance(node, ast.FunctionDef):
        arguments, returned = signature(node)
        lines = [f"### {name}", "", "```python", f"{name}({arguments}){returned}", "```", ""]
        return [*lines, markdown(docstring(node)), ""]
    return [f"### {name}", "", markdown(docstring(node, following)), ""]


def of_enums(names):
    found = definitions("enums.py")
    for name in names:
        node, _ = found[name]
        yield f"### {name}"
        yield f"\n{markdown(docstring(node))}\n\n| member | text | meaning |\n|---|---|---|"
        for one, following in zip(node.body, [*node.body[1:], None], strict=True):
            if isinstance(one, ast.Assign):
                text = cell(docstring(one, following))
                yield f"| `{one.targets[0].id}` | `{one.value.value}` | {text} |"
        yield ""


def of_errors():
    yield "| exception | also | when |\n|---|---|---|"
    for name, (node, _) in definitions("errors.py").items():
        if name and name in authentik_netbird.__all__:
            bases = [ast.unparse(base) for base in node.bases]
            also = " ".join(f"`{base}`" for base in bases if base != "AuthentikNetbirdError")
            yield f"| `{name}` | {also} | {cell(docstring(node))} |"
    node, _ = definitions("errors.py")["AuthentikNetbirdError"]
    yield "\nEach has these attributes:\n\n| attribute | type | meaning |\n|---|---|---|"
    for one, following in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(one, ast.AnnAssign):
            kind = ast.unparse(one.annotation).strip("'").removeprefix("ClassVar[")
            kind = kind.removesuffix("]") if "ClassVar" in ast.unparse(one.annotation) else kind
            kind = kind.replace("|", "\\|")
            yield f"| `{one.target.id}` | `{kind}` | {cell(docstring(one, following))} |"
    yield ""


def of_dicts():
    found = definitions("dicts.py")
    yield "From `authentik_netbird.dicts`: what `to_dict` returns. `?`: not always there.\n"
    for name in dicts.__all__:
        kind = getattr(dicts, name)
        yield f"### {name}\n\n{markdown(docstring(found[name][0]))}\n\n| key | type |\n|---|---|"
        for key in kind.__annotations__:
            hint = source_of(found, name, key).replace("|", "\\|")
            optional = "" if key in kind.__required_keys__ else "?"
            yield f"| `{key}`{optional} | `{hint}` |"
        yield ""


def source_of(found, name, key):
    """The type of a key as it is written."""
    node = found.get(name, (None,))[0]
    for one in getattr(node, "body", []):
        if isinstance(one, ast.AnnAssign) and one.target.id == key:
            return ast.unparse(one.annotation).replace("'", '"')
    for base in getattr(node, "bases", []):
        if hint := source_of(found, ast.unparse(base), key):
            return hint
    return {"class": "str", "choices": "list[str]"}.get(key, "") if name == "_Choice" else ""


def page():
    found = definitions("_native.pyi")
    for file in ("_async_client.py", "_options.py"):
        found |= {k: v for k, v in definitions(file).items() if k in authentik_netbird.__all__}
    lines = [HEAD]
    for title, names in SECTIONS.items():
        lines += [f"## {title}", ""]
        for name in names:
            lines += of(name, found)
    lines += ["## Exceptions", "", *of_errors()]
    enumerations = [name for name in authentik_netbird.__all__ if hasattr(enums, name)]
    lines += ["## Enums", "", "Each member is also its text.", "", *of_enums(enumerations)]
    lines += ["## Dicts", "", *of_dicts()]
    lines += ["## Testing", "", "From `authentik_netbird.testing`.", ""]
    for name in testing.__all__:
        lines += of_enums([name]) if hasattr(enums, name) else of(name, found)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def test_the_page_is_what_the_package_has():
    text = page()
    shown = set(re.findall(r"^### (\w+)$", text, re.MULTILINE))
    shown |= set(re.findall(r"^\| `(\w+Error)` \|", text, re.MULTILINE))
    public = {*authentik_netbird.__all__, *testing.__all__, *dicts.__all__} - {"__version__"}
    assert public - shown == set()
    assert errors.__name__ and "\n- `authentik_url`: " in text
    old = PAGE.read_text() if PAGE.exists() else ""
    if old != text:
        PAGE.write_text(text)
    assert old == text, "written anew: look at the changes, and run this again"
