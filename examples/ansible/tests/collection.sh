# To be sourced, from any folder: an environment with Ansible and the package, and the collection, built
# and installed as a user does it.
source "$(dirname "${BASH_SOURCE[0]}")/../../../authentik-netbird-py/environments.sh"
export LC_ALL=C.UTF-8 # Ansible refuses to run without UTF-8
ansible=$root/target/python/ansible/bin
export ANSIBLE_COLLECTIONS_PATH=$root/target/ansible/collections
installed_collection=$ANSIBLE_COLLECTIONS_PATH/ansible_collections/authentik_netbird/netbird

ansible_environment() {
  recent_wheel
  # One after the other: linting and testing take the same environment and collection.
  exec 9>"$root/target/ansible.lock"
  flock 9
  installed ansible "$python" "$wheels" "$(requirement ansible-core)" "$(requirement pytest)" \
    "$(requirement antsibull-docs)" "$(requirement antsibull-changelog)" "$(requirement pytest-xdist)"
}

collection() {
  rm -rf "$root/target/ansible/build" "$ANSIBLE_COLLECTIONS_PATH"
  "$ansible/ansible-galaxy" collection build --output-path "$root/target/ansible/build" \
    "$root/examples/ansible" >/dev/null
  "$ansible/ansible-galaxy" collection install --offline -p "$ANSIBLE_COLLECTIONS_PATH" \
    "$root"/target/ansible/build/*.tar.gz >/dev/null
}

ansible_test() ( # ansible_test COMMAND OPTIONS...: ansible-test on the installed collection
  # It makes virtual environments of its own below $HOME. It would fetch a script that puts pip into them,
  # from where it is not always let; ours does the same.
  export HOME=$root/target/ansible/home PATH=$ansible:$PATH
  pip=$(sed -n "s/^ *pip='\(.*\)',$/\1/p" \
    "$root"/target/python/ansible/lib/python*/site-packages/ansible_test/_internal/python_requirements.py)
  mkdir -p "$HOME/.ansible/test/cache"
  cp "$root/examples/ansible/tests/get_pip.py" "$HOME/.ansible/test/cache/get_pip_${pip//./_}.py"
  # Inside of this repository it would take every file that git ignores, as all below target/, for none.
  outside=$(mktemp -d)
  trap 'rm -rf "$outside"' EXIT
  cp -r "$ANSIBLE_COLLECTIONS_PATH/ansible_collections" "$outside"
  cd "$outside/ansible_collections/authentik_netbird/netbird"
  ansible-test "$@" --python "$newest" --color no
)
