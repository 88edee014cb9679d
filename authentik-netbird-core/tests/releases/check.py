"""Has the official client's models judge our requests, and makes answers by them for us to read.

    check.py WHEELS REQUESTS ANSWERS

Reads the requests that the test `releases` wrote down, and writes the answers that the test `decode`
reads, one JSON object a line each. Fails where a release would not take a request.
"""

import collections
import json
import pathlib
import sys

from answers import answers
from official_client import OfficialClient
from judge import problems


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
    print(
        f"authentik {client.release}: {len(judged)} requests judged, {bodies} of them with a body;"
        f" {count} answers of {len(types)} types made"
    )
    return [f"{client.release}: {case}: {what}: {why}" for (what, why), case in wrong.items()]


def main(wheels, requests_file, answers_path):
    requests = collections.defaultdict(list)
    for line in pathlib.Path(requests_file).read_text().splitlines():
        request = json.loads(line)
        requests[request["release"]].append(request)
    wrong = []
    with open(answers_path, "w") as answers_file:
        for release, sent in requests.items():
            [wheel] = pathlib.Path(wheels).glob(f"authentik_client-{release}-*.whl")
            wrong += check(OfficialClient(wheel), sent, answers_file)
    if wrong:
        sys.exit("\n".join(["What the official client's models refuse:", *wrong]))


if __name__ == "__main__":
    main(*sys.argv[1:])
