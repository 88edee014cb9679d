"""NetBird's host: a folder whose configure.sh and restart treat the data store key as NetBird's."""

import json
from pathlib import Path

ROLE = Path(__file__).parents[1] / "playbooks" / "netbird.yml"
ROTATE = ROLE.parent / "rotate.yml"

CONFIGURE = """#!/bin/bash
set -e
source setup.env
mkdir -p artifacts
if test -f management.json; then
    encKey=$(jq -r ".DataStoreEncryptionKey" management.json)
    if [[ "$encKey" != "null" ]]; then
        export NETBIRD_DATASTORE_ENC_KEY=$encKey
    fi
fi
echo "$NETBIRD_IDP_MGMT_EXTRA_PASSWORD"
echo "$NETBIRD_DOMAIN" >>configured
if test -f artifacts/management.json; then
    cp artifacts/management.json "artifacts/management.json.bkp.$(date +%s%N)"
fi
key=$(printenv NETBIRD_DATASTORE_ENC_KEY || true)
echo "{\\"DataStoreEncryptionKey\\": \\"$key\\"}" >artifacts/management.json
"""
RESTART = """#!/bin/bash
set -e
echo restarted >>restarted
touch store.db
if [ "$(jq -r .DataStoreEncryptionKey management.json)" = "" ]; then
    echo "{\\"DataStoreEncryptionKey\\": \\"generated-$(date +%s%N)\\"}" >management.json
fi
"""
# No docker of the machine that runs the tests is asked.
DOCKER = """#!/bin/bash
cd "$(dirname "$0")" || exit
case "$2" in
ls) ls volumes 2>/dev/null ;;
inspect) echo "$PWD/volumes/$5" ;;
esac
"""


def _script(path, text):
    path.write_text(text)
    path.chmod(0o755)


class Host:
    def __init__(self, folder):
        self.folder = folder
        self.setup_env = folder / "setup.env"
        self.artifacts = folder / "artifacts"
        self.programs = folder.parent / "bin"
        self.volumes = self.programs / "volumes"
        folder.mkdir()
        self.programs.mkdir(exist_ok=True)
        _script(folder / "configure.sh", CONFIGURE)
        _script(folder.parent / "restart", RESTART)
        _script(self.programs / "docker", DOCKER)
        self.setup_env.write_text("# ours\nNETBIRD_LETSENCRYPT_EMAIL='admin@netbird.company'\n")

    @property
    def restart(self):
        return str(self.folder.parent / "restart")

    @property
    def configured(self):
        return _lines(self.folder / "configured")

    @property
    def restarted(self):
        return _lines(self.artifacts / "restarted")

    def password(self):
        name = "NETBIRD_IDP_MGMT_EXTRA_PASSWORD="
        [line] = [one for one in self.setup_env.read_text().splitlines() if one.startswith(name)]
        return line.partition("=")[2].strip("'")

    def put_key(self, name, key):
        """A management.json with this key, below the folder."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"DataStoreEncryptionKey": key}))

    def key(self, name="artifacts/management.json"):
        return json.loads((self.folder / name).read_text())["DataStoreEncryptionKey"]

    def content(self):
        """Every file with its bytes."""
        files = [one for one in self.folder.rglob("*") if one.is_file()]
        return {str(one.relative_to(self.folder)): one.read_bytes() for one in files}


def _lines(path):
    return len(path.read_text().splitlines()) if path.exists() else 0
