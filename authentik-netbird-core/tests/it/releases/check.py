"""Has the official client's models judge our requests, and makes answers by them for us to read.

    check.py WHEELS REQUESTS ANSWERS

Reads the requests that the test `releases` wrote down, and writes the answers that the test
`decode` reads, one JSON object a line each. Fails where a release would not take a request.
"""

import collections
import json
import pathlib
import sys

from answers import answers
from judge import problems
from official_client import OfficialClient


def check(client, requests, answers_file):
    """Judges one release. Returns what is wrong, each with the first case that shows it."""
    wrong = {}
    types = set()
    judged = set()
    for request in requests:
        request_line = f"{request['method']} {request['path']}"
        content = (request_line, request["body_known"], json.dumps(request["body"]))
        if content in judged:
            continue
        judged.add(content)
        for problem in problems(client, request):
            wrong.setdefault((request_line.split("?")[0], problem), request["case"])
        endpoint = client.endpoint(request["method"], request["path"].partition("?")[0])
        if endpoint and endpoint.answer:
            types.add(endpoint.answer)
    count = 0
    for written in sorted(types):
        for style, body in answers(client, written, client.release):
            line = {"release": client.release, "type": written, "style": style, "body": body}
            answers_file.write(json.dumps(line) + "\n")
            count += 1
    bodies = sum(body != "null" for _, _, body in judged)
    print(  # noqa: T201
        f"authentik {client.release}: {len(judged)} requests judged, {bodies} of them with a body;"
        f" {count} answers of {len(types)} types made"
    )
    return [f"{client.release}: {case}: {what}: {why}" for (what, why), case in wrong.items()]


def blind_spots(client, requests):
    """What would not be noticed: spoilt requests that are taken all the same."""
    with_body = next(one for one in requests if one["path"] == "/providers/oauth2/" and one["body"])
    without = next(one for one in requests if "?" in one["path"] and not one["body"])
    body = with_body["body"]
    spoilt = {
        "an unknown field": with_body | {"body": body | {"of_no_release": 1}},
        "a field inside": with_body | {"body": body | {"redirect_uris": [{"of_no_release": 1}]}},
        "a number as text": with_body | {"body": body | {"include_claims_in_id_token": "true"}},
        "an unknown value": with_body | {"body": body | {"sub_mode": "of-no-release"}},
        "a missing field": with_body | {"body": {"name": body["name"]}},
        "no body": with_body | {"body": None},
        "a body of a read": without | {"body": {}, "body_known": True},
        "an unknown parameter": without | {"path": without["path"] + "&of_no_release=1"},
        "an unknown endpoint": without | {"path": "/core/of_no_release/"},
        "another method": without | {"method": "PUT"},
    }
    return [what for what, request in spoilt.items() if not problems(client, request)]


def main(wheels, requests_file, answers_path):
    requests = collections.defaultdict(list)
    for line in pathlib.Path(requests_file).read_text().splitlines():
        request = json.loads(line)
        requests[request["release"]].append(request)
    wrong = []
    with open(answers_path, "w") as answers_file:
        for release, sent in requests.items():
            [wheel] = pathlib.Path(wheels).glob(f"authentik_client-{release}-*.whl")
            client = OfficialClient(wheel)
            missed = blind_spots(client, sent)
            assert not missed, f"{release}: {missed} would not be noticed"
            wrong += check(client, sent, answers_file)
    if wrong:
        sys.exit("\n".join(["What the official client's models refuse:", *wrong]))


if __name__ == "__main__":
    main(*sys.argv[1:])
