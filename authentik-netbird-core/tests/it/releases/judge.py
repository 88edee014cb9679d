"""Whether a release's official client would send what we send."""

import json
from urllib.parse import parse_qsl

from pydantic import ValidationError
from pydantic_core import to_jsonable_python

PASSED_OVER = {}
"""Parameters that a release does not have and that we send nevertheless, with the reason."""


def problems(client, request):
    """Everything that is wrong with a request, for people."""
    path, _, query = request["path"].partition("?")
    endpoint = client.endpoint(request["method"], path)
    if endpoint is None:
        return ["there is no such endpoint"]
    names = [name for name, _ in parse_qsl(query, keep_blank_values=True)]
    found = [
        f"it has no parameter {name}"
        for name in names
        if name not in endpoint.parameters and (endpoint.path, name) not in PASSED_OVER
    ]
    if request["body_known"]:
        found += body_problems(client, endpoint, request["body"])
    return found


def body_problems(client, endpoint, body):
    """What the model of the body has to say."""
    if body is None:
        needed = endpoint.body is not None
        return [f"it wants a body, a {endpoint.body}"] if needed else []
    if endpoint.body is None:
        return ["it takes no body"]
    model = client.model(endpoint.body)
    try:
        read = model.model_validate_json(json.dumps(body), strict=True)
    except ValidationError as error:
        return [
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}, not {one['input']!r}"
            for one in error.errors()
        ]
    kept = to_jsonable_python(read.to_dict())
    for name, field in model.model_fields.items():
        # What a model adds by itself is what the server would take anyway.
        alias = field.alias or name
        if alias not in body and alias in kept and kept[alias] == field.default:
            del kept[alias]
    return list(differences("", body, kept))


def differences(path, sent, kept):
    """Where what a model made of a body is not what was sent."""
    if isinstance(sent, dict) and isinstance(kept, dict):
        for name in sorted(sent.keys() | kept.keys()):
            here = f"{path}.{name}".removeprefix(".")
            if name not in kept:
                yield f"{here}: there is no such field"
            elif name not in sent:
                yield f"{here}: it was not sent, and is {kept[name]!r}"
            else:
                yield from differences(here, sent[name], kept[name])
    elif isinstance(sent, list) and isinstance(kept, list) and len(sent) == len(kept):
        for index, pair in enumerate(zip(sent, kept, strict=True)):
            yield from differences(f"{path}[{index}]", *pair)
    elif sent != kept:
        yield f"{path}: sent {sent!r}, and it is {kept!r}"
