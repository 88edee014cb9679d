# To be sourced, from any folder: interpreters, virtual environments and wheels. Everything made is
# under target/.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
wheels=$root/target/wheels

interpreters() { # one CPython of each minor version from 3.10 to 3.13 that the machine has
  local minor candidate
  for minor in 10 11 12 13; do
    for candidate in "$(command -v "python3.$minor" || true)" \
      "$HOME/.pyenv/versions/3.$minor".*/bin/python python3; do
      # pyenv's shims are there for versions that are not.
      if "$candidate" -c "import sys; sys.exit(sys.version_info[:2] != (3, $minor))" 2>/dev/null; then
        echo "3.$minor $candidate"
        break
      fi
    done
  done
}

found=$(interpreters)
if [ -z "$found" ]; then
  echo "no CPython from 3.10 to 3.13 was found" >&2
  exit 1
fi
read -r newest python <<<"$(tail -1 <<<"$found")"

environment() { # environment FOLDER INTERPRETER PIP'S ARGUMENTS...
  local folder=$root/target/python/$1 interpreter=$2
  shift 2
  [ -x "$folder/bin/python" ] || "$interpreter" -m venv "$folder"
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}

requirement() { # the line of requirements-dev.txt for a package
  grep "^$1[><=]" "$root/authentik-netbird-py/requirements-dev.txt"
}

wheel() { # wheel FOLDER MATURIN'S OPTIONS...: the package's wheel, and nothing else, in the folder
  local folder=$1
  shift
  environment build "$python" "$(requirement maturin)"
  rm -rf "$folder"
  (cd "$root/authentik-netbird-py" && VIRTUAL_ENV=$root/target/python/build \
    "$root/target/python/build/bin/maturin" build --quiet --release --out "$folder" "$@")
}

recent_wheel() { # the wheel in $wheels; not built again while nothing that it is made of has changed
  local built
  built=$(ls "$wheels"/*.whl 2>/dev/null || true)
  # pip puts one there, too, when it installs the package from here. A file that is gone changes its
  # folder.
  if [ "$(wc -l <<<"$built")" -gt 1 ] || [ ! -f "$built" ] || [ -n "$(cd "$root" && find \
    Cargo.toml Cargo.lock authentik-netbird-core/{Cargo.toml,src} authentik-simulator/{Cargo.toml,src} \
    authentik-netbird-py/{Cargo.toml,pyproject.toml,README.md,src,python} \
    -newer "$built" -print -quit)" ]; then
    wheel "$wheels"
  fi
}

installed() { # installed FOLDER INTERPRETER WHEELS PACKAGES...: an environment with the wheel
  local folder=$1 interpreter=$2 wheels=$3 new=yes
  shift 3
  [ ! -x "$root/target/python/$folder/bin/python" ] || new=
  environment "$folder" "$interpreter" "$wheels"/*.whl "$@"
  # The version is the same as the last time; the content may not be.
  [ -n "$new" ] ||
    environment "$folder" "$interpreter" --force-reinstall --no-deps "$wheels"/*.whl
}
