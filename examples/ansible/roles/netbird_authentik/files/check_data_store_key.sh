# shellcheck shell=bash
# Run in infrastructure_files: says why configure.sh would lose NetBird's data store key and exits with 1, or
# prints nothing. Changes nothing and shows no key.
#
# Management writes the key that it generates into artifacts/management.json. configure.sh reads it from
# ./management.json alone, or takes an exported NETBIRD_DATASTORE_ENC_KEY if that file does not mention it;
# without either it writes an empty key. Management then generates another one, and every login fails.
shopt -s nullglob

refuse() {
  echo "$*"
  exit 1
}

key() { # key FILE: the key in it, nothing if there is none
  jq -r '.DataStoreEncryptionKey // "" | strings' "$1" 2>/dev/null
}

databases() { # files and volumes that an earlier NetBird has left
  local folders volume folder
  folders=$(sed -nE 's|^ *- *["'\'']?(/[^:]+):/var/lib/netbird.*|\1|p' artifacts/docker-compose.yml 2>/dev/null)
  # shellcheck disable=SC2086
  find . $folders -maxdepth 4 \( -name store.db -o -name store.json -o -name events.db \) -print 2>/dev/null
  for volume in $(docker volume ls --quiet 2>/dev/null | grep -E '(^|_)(netbird|wiretrustee)-mgmt$'); do
    folder=$(docker volume inspect --format '{{.Mountpoint}}' "$volume" 2>/dev/null)
    # Management that could not start has left an empty volume. One that cannot be read may have anything.
    [ -r "$folder" ] && [ -z "$(ls -A "$folder")" ] || echo "docker volume $volume"
  done
}

command -v jq >/dev/null ||
  refuse "jq is not installed, so the data store key cannot be read (configure.sh needs jq, too)"

used=$(key artifacts/management.json)
given=$(key management.json)
if [ -n "$used" ] && [ -n "$given" ] && [ "$used" != "$given" ]; then
  refuse "management.json and artifacts/management.json have different values of DataStoreEncryptionKey." \
    "NetBird runs with the one in artifacts; copy the file with the right key over the other one"
fi
[ -z "$used$given" ] || exit 0
if grep -qsE "^[[:space:]]*export[[:space:]]+NETBIRD_DATASTORE_ENC_KEY=[\"']?[^\"'[:space:]#]" setup.env &&
  { [ ! -e management.json ] || [ "$(jq -r .DataStoreEncryptionKey management.json 2>&1)" = null ]; }; then
  exit 0
fi

for backup in artifacts/management.json.bkp.*; do # the oldest first
  if [ -n "$(key "$backup")" ]; then
    refuse "no data store key was found, but the backup $backup has one. If it is the right one, restore it:" \
      "cp -p $backup management.json"
  fi
done
found=$(databases | head -1)
[ -n "$found" ] || for backup in artifacts/management.json.bkp.*; do
  found=$backup
  break
done
[ -z "$found" ] || refuse "no data store key was found (DataStoreEncryptionKey in artifacts/management.json or" \
  "management.json), but NetBird has run here: $found. Put the key that this NetBird uses into setup.env, as" \
  "export NETBIRD_DATASTORE_ENC_KEY='…', and remove a management.json that has an empty one. If NetBird was" \
  "started a moment ago, wait until it has written its key. If nobody has ever logged in to it, a new key will" \
  "do: openssl rand -base64 32"
