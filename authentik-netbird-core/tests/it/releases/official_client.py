"""The official Python client of one release, read from its wheel without importing all of it: its
package is nine hundred modules, of which a few dozen are needed.
"""

import functools
import importlib
import re
import sys
import types
import zipfile
from dataclasses import dataclass

from pydantic import BaseModel

PACKAGE = "authentik_client"


@dataclass(frozen=True)
class Endpoint:
    """What the client knows of one method of one path."""

    method: str
    path: str
    parameters: frozenset[str]
    body: str | None
    """Module of the body's model."""
    answer: str | None
    """Type of the answer when all is well, as the client writes it."""


class OfficialClient:
    """The client in a wheel. One at a time: loading the next one unloads it."""

    def __init__(self, wheel):
        self.release = wheel.name.split("-")[1]
        self._archive = zipfile.ZipFile(wheel)
        for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
            del sys.modules[name]
        importlib.invalidate_caches()
        # In place of the packages' own __init__, which imports everything.
        for name in (PACKAGE, f"{PACKAGE}.models"):
            package = types.ModuleType(name)
            package.__path__ = [f"{wheel}/{name.replace('.', '/')}"]
            sys.modules[name] = package

    def model(self, module):
        """The model in a module of `models`."""
        found = vars(importlib.import_module(f"{PACKAGE}.models.{module}")).values()
        [model] = [
            one
            for one in found
            if isinstance(one, type)
            and issubclass(one, BaseModel)
            and one.__module__ == f"{PACKAGE}.models.{module}"
        ]
        return model

    def model_named(self, name):
        """The model of a name, such as `OAuth2Provider`."""
        source = self._modules[name.lower()]
        return self.model(source)

    @functools.cached_property
    def _modules(self):
        inside = f"{PACKAGE}/models/"
        names = [name for name in self._archive.namelist() if name.startswith(inside)]
        modules = [name.removeprefix(inside).removesuffix(".py") for name in names]
        return {module.replace("_", ""): module for module in modules}

    @functools.cache  # noqa: B019 - lives as long as the process has use for it
    def _endpoints(self, section):
        try:
            source = self._archive.read(f"{PACKAGE}/api/{section}_api.py").decode()
        except KeyError:
            return []
        endpoints = []
        answers = re.compile(r"'20[0-4]': (?:\"([^\"]+)\"|None)")
        # Each method comes as three public functions, and one that builds the request.
        start = 0
        for built in re.finditer(r"\n    def _\w+_serialize\(", source):
            end = source.index("_request_auth=_request_auth\n        )", built.end())
            text = source[built.end() : end]
            answer = answers.search(source, start, built.start())
            body = re.search(r"_body_params = (\w+)", text)
            endpoints.append(
                Endpoint(
                    re.search(r"method='(\w+)'", text)[1],
                    re.search(r"resource_path='([^']+)'", text)[1],
                    frozenset(re.findall(r"_query_params\.append\(\('(\w+)'", text)),
                    body and body[1],
                    answer and answer[1],
                )
            )
            start = end
        return endpoints

    def endpoint(self, method, path):
        """What serves a request; None where this release has nothing of the kind."""

        def fits(endpoint):
            pattern = endpoint.path.replace("{id}", r"\d+")
            pattern = re.sub(r"\{\w*uuid\}", "[0-9a-f-]{36}", pattern)
            pattern = re.sub(r"\{\w+\}", "[^/]+", pattern)
            return endpoint.method == method and re.fullmatch(pattern, path)

        found = [one for one in self._endpoints(path.split("/")[1]) if fits(one)]
        # The one with the fewest placeholders: /core/users/me/ is no user's number.
        return min(found, key=lambda one: one.path.count("{"), default=None)
