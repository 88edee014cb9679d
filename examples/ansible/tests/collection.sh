# To be sourced, from any folder: an environment with Ansible and the package, and the collection, built
# and installed as a user does it.
source "$(dirname "${BASH_SOURCE[0]}")/../../../authentik-netbird-py/environments.sh"
export LC_ALL=C.UTF-8 # Ansible refuses to run without UTF-8
ansible=$root/target/python/ansible/bin
export ANSIBLE_COLLECTIONS_PATH=$root/target/ansible/collections
installed_collection=$ANSIBLE_COLLECTIONS_PATH/ansible_collections/authentik_netbird/netbird

ansible_environment() {
  recent_wheel
  installed ansible "$python" "$wheels" "$(requirement ansible-core)" "$(requirement pytest)" \
    "$(requirement antsibull-docs)" "$(requirement pytest-xdist)"
}

collection() {
  rm -rf "$root/target/ansible/build" "$ANSIBLE_COLLECTIONS_PATH"
  "$ansible/ansible-galaxy" collection build --output-path "$root/target/ansible/build" \
    "$root/examples/ansible" >/dev/null
  "$ansible/ansible-galaxy" collection install --offline -p "$ANSIBLE_COLLECTIONS_PATH" \
    "$root"/target/ansible/build/*.tar.gz >/dev/null
}
