"""Answers that a release's official client can read: full ones, bare ones, nulls, every value of
every enum, ones of a later release, and random ones, always the same.
"""

import datetime
import enum
import json
import random
import types
import typing
import uuid

from pydantic import BaseModel, ValidationError

RANDOM = 12
"""Random answers of each type."""
DEEPEST = 8
"""How deep objects may be in one another."""

ALWAYS_SENT = {("OAuth2Provider", "client_id"), ("OAuth2Provider", "clientId")}
"""Fields that a model does not require since a default exists, that every release sends in every
answer, and without which an object is of no use to anyone."""

TEXTS = ["", "a", "Нетбёрд", "🐦", 'quote " and \\', "two\nlines", " spaces ", "null", "x" * 300]
TIMES = ["2027-02-01T12:00:00Z", "2027-02-01T12:00:00.123456Z", "2027-02-01T12:00:00+02:00"]
NUMBERS = [0, 1, 7, -1, 2**31 - 1, 2**53]
COUNTS = [0, 1, 2, 1000]
"""Numbers of pages and entries."""
VALUES = [None, True, 0, 1.5, "text", [], {}, [1, {"deep": [None]}], {"pk": "1", "name": {}}]
"""For fields that hold any JSON."""


class Full:
    """Everything is there, with the nth value of each enum."""

    expressible = True
    """Whether the models know what it makes."""

    def __init__(self, nth=0):
        self.nth = nth
        self.most_values = 1
        """Values of the largest enum met."""

    @property
    def name(self):
        return f"full {self.nth}"

    def is_there(self, required):
        return True

    def is_null(self):
        return False

    def enum(self, values):
        self.most_values = max(self.most_values, len(values))
        return values[self.nth % len(values)]

    def one_of(self, values):
        return values[1]

    def uuid(self):
        return str(uuid.UUID(int=7))

    def length(self):
        return 1

    def complete(self, fields):
        return fields


class Required(Full):
    """Only what a model requires, and nothing in lists."""

    name = "required"

    def is_there(self, required):
        return required

    def length(self):
        return 0


class Nulls(Full):
    """Null wherever a model takes it."""

    name = "nulls"

    def is_null(self):
        return True


class Extra(Full):
    """A field that no release has, in every object."""

    name = "extra"

    def complete(self, fields):
        return fields | {"of_a_later_release": {"deep": [1, None]}}


class UnknownEnum(Full):
    """A value that no release has, for every enum."""

    name = "unknown enum"
    expressible = False

    def enum(self, values):
        return "of-a-later-release"


class Random(Full):
    """Anything goes."""

    name = None

    def __init__(self, seed):
        super().__init__()
        self.name = f"random {seed}"
        self._random = random.Random(seed)

    def is_there(self, required):
        return required or self._random.random() < 0.7

    def is_null(self):
        return self._random.random() < 0.3

    def enum(self, values):
        return self._random.choice(values)

    def one_of(self, values):
        return self._random.choice(values)

    def uuid(self):
        return str(uuid.UUID(int=self._random.getrandbits(128)))

    def length(self):
        return self._random.choice([0, 1, 1, 2, 3])


def answers(client, written, seed):
    """Style and value of each answer of a type, as the client writes types: `List[UsedBy]`."""
    is_list = written.startswith("List[")
    model = client.model_named(written.removeprefix("List[").removesuffix("]"))
    first = Full()
    make(model, first, "")
    styles = [first, *map(Full, range(1, first.most_values))]
    styles += [Required(), Nulls(), Extra(), UnknownEnum()]
    styles += [Random(f"{seed} {number}") for number in range(RANDOM)]
    for style in styles:
        value = make(model, style, "")
        if style.expressible:
            try:
                model.model_validate_json(json.dumps(value))
            except ValidationError as error:
                raise AssertionError(f"{written} {style.name}: {error}") from error
        yield style.name, [value] * (1 + style.length()) if is_list else value


def make(kind, style, name, metadata=(), depth=0):
    """A value of a type."""
    origin = typing.get_origin(kind)
    arguments = typing.get_args(kind)
    if origin is typing.Annotated:
        return make(arguments[0], style, name, [*metadata, *arguments[1:]], depth)
    if origin in (typing.Union, types.UnionType):
        real = [one for one in arguments if one is not type(None)]
        if len(real) < len(arguments) and style.is_null():
            return None
        # Of float and int the latter: nobody sends 1.5 pages.
        return make(real[-1], style, name, metadata, depth)
    if origin is list:
        length = 0 if depth >= DEEPEST else style.length()
        return [make(arguments[0], style, name, (), depth + 1) for _ in range(length)]
    if kind is typing.Any:
        return style.one_of(VALUES)
    if kind is dict or origin is dict:
        return {"any": style.one_of(VALUES)}
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return make_object(kind, style, depth)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return style.enum([one.value for one in kind])
    return make_plain(kind, style, name, metadata)


def make_object(model, style, depth):
    assert "actual_instance" not in model.model_fields, f"{model} is one of several"
    patterned = {
        name
        for validator in model.__pydantic_decorators__.field_validators.values()
        for name in validator.info.fields
    }
    made = {}
    for name, field in model.model_fields.items():
        alias = field.alias or name
        always = (model.__name__, alias) in ALWAYS_SENT
        required = field.is_required()
        if not always and (not style.is_there(required) or (depth >= DEEPEST and not required)):
            continue
        hint = (
            "a-slug" if name in patterned else "a count" if model.__name__ == "Pagination" else name
        )
        chosen = Full() if always else style
        made[alias] = make(field.annotation, chosen, hint, field.metadata, depth + 1)
    return style.complete(made)


def make_plain(kind, style, name, metadata):
    if kind is bool:
        return style.one_of([False, True])
    if kind in (int, float):
        least, most = limit(metadata, "ge", -1), limit(metadata, "le", 2**53)
        numbers = COUNTS if name == "a count" else [max(least, min(most, one)) for one in NUMBERS]
        return style.one_of(numbers)
    if kind is datetime.datetime:
        return style.one_of(TIMES)
    if kind is uuid.UUID:
        return style.uuid()
    assert kind is str, f"{name} is a {kind}"
    if name.startswith("version_"):
        return style.one_of(["2027.2.1", "2027.2.1-rc1", "2024.12.0"])
    if name == "a-slug":
        return style.one_of(["a", "a-slug_7"])
    texts = [text[: limit(metadata, "max_length", None)] for text in TEXTS]
    shortest = limit(metadata, "min_length", 0)
    return style.one_of([text for text in texts if len(text) >= shortest])


def limit(metadata, name, default):
    """A limit of a type's metadata, such as `max_length`."""
    # A Field inside of an Annotated has its limits in a list of its own.
    found = [inner for one in metadata for inner in getattr(one, "metadata", [one])]
    return next((getattr(one, name) for one in found if hasattr(one, name)), default)
