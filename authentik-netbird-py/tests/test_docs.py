"""Every public name has a docstring, and every example in one is run."""

import doctest
import enum
import inspect

import authentik_netbird
import pytest
from authentik_netbird import enums, errors, testing


def documented():
    """Name and docstring of everything public."""
    for module in (authentik_netbird, testing, enums, errors):
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


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for variable in ("AUTHENTIK_URL", "AUTHENTIK_TOKEN"):
        monkeypatch.setenv(variable, "")  # what an example sets is unset after it
    test = doctest.DocTestParser().get_doctest(inspect.cleandoc(EXAMPLES[name]), {}, name, None, 0)
    report = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=report.append)
    assert not report, "".join(report)
