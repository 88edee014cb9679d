"""Every public name has a docstring, in the stubs, too, and every example in one is run."""

import ast
import doctest
import enum
import importlib.util
import inspect
from pathlib import Path

import authentik_netbird
import pytest
from authentik_netbird import dicts, enums, errors, testing


def documented():
    """Name and docstring of everything public."""
    for module in (authentik_netbird, testing, enums, errors, dicts):
        yield module.__name__, module.__doc__
    for module in (authentik_netbird, testing):
        for name in module.__all__:
            thing = getattr(module, name)
            if not callable(thing):
                continue
            yield name, thing.__doc__
            if not inspect.isclass(thing) or issubclass(thing, (enum.Enum, Exception)):
                continue
            for member, value in vars(thing).items():
                if not member.startswith("_"):
                    yield f"{name}.{member}", inspect.getdoc(value)


DOCSTRINGS = dict(documented())
EXAMPLES = {name: text for name, text in DOCSTRINGS.items() if text and ">>>" in text}


def test_everything_has_a_docstring():
    assert [name for name, text in DOCSTRINGS.items() if not text] == []
    assert len(EXAMPLES) > 20


def test_the_stubs_have_the_docstrings():
    path = Path(__file__).parents[1] / "stub_docs.py"
    spec = importlib.util.spec_from_file_location("stub_docs", path)
    stub_docs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(stub_docs)
    stub = Path(authentik_netbird.__file__).with_name("_native.pyi").read_text()
    found = list(stub_docs.items(ast.parse(stub)))
    assert len(found) > 250
    texts = {name: stub_docs.text_of(docstring) for name, _, docstring, _ in found}
    assert [name for name, text in texts.items() if not text] == []
    # Attributes of options have the table's text; the default is in the signature.
    options = {f"NetbirdIntegration.{option['name']}" for option in authentik_netbird.options()}
    different = [
        name
        for name, _, _, at_run_time in found
        if at_run_time is not None and name not in options and texts[name] != at_run_time
    ]
    assert different == [], "run stub_docs.py, then ruff format"


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for variable in ("AUTHENTIK_URL", "AUTHENTIK_TOKEN"):
        monkeypatch.setenv(variable, "")  # what an example sets is unset after it
    test = doctest.DocTestParser().get_doctest(inspect.cleandoc(EXAMPLES[name]), {}, name, None, 0)
    report = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=report.append)
    assert not report, "".join(report)
