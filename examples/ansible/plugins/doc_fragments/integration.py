# Copyright (c) 2026 the authentik-netbird authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The integration: one NetBird on one authentik."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the integration; what is left out has its default."""

    DOMAIN = r"""
options:
  domain:
    description: NetBird's host name.
    type: str
    required: true
"""

    DOCUMENTATION = r"""
options:
  # Generated from the table of options (tests/it/generated.rs). Do not edit.
  mode:
    description:
      - "How NetBird and authentik are connected. V(standalone) is the guide's way: NetBird's own
        containers and C(setup.env). V(connector) makes authentik an identity provider of NetBird's
        embedded one, which is what a new NetBird has. Where it is not set, the command and the
        Ansible modules ask NetBird, if they have its URL. The default is V(standalone)."
    type: str
    choices: [standalone, connector]
  public_url:
    description:
      - Address at which NetBird and browsers reach authentik, where API calls go to another one,
        such as a forwarded port. It goes into C(setup.env). By default O(authentik_url).
    type: str
  allow_http:
    description:
      - "Whether API calls may go over plain C(http) to another machine, such as
        C(http://authentik-server:9000) in a container network. Anyone in between can read the
        token. NetBird and browsers still need C(https): set O(public_url)."
    type: bool
  application_name:
    description:
      - Name of the application, as users see it. The default is V(NetBird).
    type: str
  application_slug:
    description:
      - "Slug of the application: 1 to 50 letters, digits, C(-) and C(_). It is part of the issuer.
        The default is V(netbird)."
    type: str
  application_group:
    description:
      - Heading that authentik lists the application under. By default it is not changed, and a new
        application has none.
    type: str
  launch_url:
    description:
      - Where the application's tile leads. By default to C(https://DOMAIN); without a launch URL
        authentik would use the first redirect URI, on the user's own machine.
    type: str
  access_groups:
    description:
      - Names of the groups whose members may log in to NetBird. The service account also gets
        access, and other bindings are kept. By default everyone may log in, unless someone bound
        the application.
    type: list
    elements: str
  create_access_groups:
    description:
      - Whether to create missing access groups, without members. By default a missing group is an
        error.
    type: bool
  provider_name:
    description:
      - Name of the provider. Two NetBirds on one authentik need different names. The default is
        V(NetBird).
    type: str
  client_id:
    description:
      - OAuth2 client id. By default authentik generates it, and it is kept from then on.
    type: str
  authorization_flow:
    description:
      - Slug of the authorization flow. The default is
        V(default-provider-authorization-implicit-consent).
    type: str
  invalidation_flow:
    description:
      - Slug of the invalidation flow. The default is V(default-provider-invalidation-flow).
    type: str
  extra_redirect_uris:
    description:
      - Additional redirect URIs. A regular expression must spell out its host, with the dots
        escaped.
    type: list
    elements: dict
    suboptions:
      url:
        description: The URI, or a regular expression that must match the whole URI.
        type: str
        required: true
      matching_mode:
        description: How authentik compares it.
        type: str
        choices: [strict, regex]
        default: strict
  signing_key:
    description:
      - Name of the certificate-key pair that signs tokens; it must be an RSA pair. By default the
        one in use if it is usable, else authentik's self-signed one, else the first usable one by
        name.
    type: str
  access_code_validity:
    description:
      - How long codes are valid; the codes of the device flow, too. The default is V(minutes=10).
    type: str
  adopt:
    description:
      - Whether to take over objects that belong to something else. By default that is an error.
    type: bool
  exact:
    description:
      - Whether existing objects get every default, too. By default a setting that was not set is
        changed only where NetBird needs another one.
    type: bool
  as_in_guide:
    description:
      - "Whether to do exactly what the guide says where the defaults are safer: an administrator as
        the service account, the guide's redirect URIs, and the API scope on the client of people's
        browsers. Plans warn about each. O(service_account) and O(redirect_uris) still count where
        they are set."
    type: bool
  redirect_uris:
    description:
      - Which redirect URIs the provider gets, apart from O(extra_redirect_uris). O(as_in_guide)
        also allows hosts whose names begin with NetBird's, and plans warn about it. The default is
        V(recommended).
    type: str
    choices: [recommended, as_in_guide]
  service_account:
    description:
      - "The service account that NetBird reads users with, by its rights: V(user_reader) may read
        users, which is all that NetBird needs, V(user_deleter) may also delete them, and
        V(administrator) is the guide's and may do everything. With V(none) there is no account, and
        NetBird reads no users. The default is V(user_reader)."
    type: str
    choices: [administrator, user_reader, user_deleter, none]
  migrate_api_client:
    description:
      - "How an existing setup whose client of people's browsers has the scope of authentik's API
        gets a separate client for NetBird's management, as new setups have it: first apply with
        V(add_client), write C(setup.env) and restart NetBird; then apply with V(remove_scope). No
        login is interrupted. The default is V(none)."
    type: str
    choices: [none, add_client, remove_scope]
  service_account_name:
    description:
      - User name of the service account. Case matters. The default is V(NetBird).
    type: str
  app_password_expires:
    description:
      - When the app password of a new service account expires, in RFC 3339 and UTC, such as
        C(2030-01-31T00:00:00Z). By default never. An existing app password is not changed.
    type: str
  revoke_other_tokens:
    description:
      - Whether to delete the other tokens of the service account when its app password is rotated
        or it is adopted. By default they stay, and the plan names them.
    type: bool
  rotate_shared_account:
    description:
      - Whether to rotate the app password also where another NetBird on this authentik seems to
        read users with the same service account; its logins fail until its C(setup.env) has the new
        value. By default that is an error which names the other NetBird.
    type: bool
  without_device_flow:
    description:
      - Whether to go without the device flow. Brand and flow stay as they are, and machines without
        a browser join NetBird by setup keys.
    type: bool
  device_flow:
    description:
      - Slug of the device-code flow. The default is V(default-device-code-flow).
    type: str
  device_flow_name:
    description:
      - Name of the device-code flow. By default its slug.
    type: str
  device_flow_title:
    description:
      - Title of the device-code flow, as users see it. The default is V(Device code flow).
    type: str
  brand:
    description:
      - Domain of the brand that gets the device-code flow. By default the one that serves
        authentik's host.
    type: str
  replace_device_code_flow:
    description:
      - Whether to replace another device-code flow that the brand has. By default the brand keeps
        it, and the plan warns about it.
    type: bool
  reverse_proxy:
    description:
      - Whether NetBird is behind a reverse proxy on port 443. Two things have to be edited by hand
        then, which C(setup.env) cannot set; plans say which.
    type: bool
  identity_provider_name:
    description:
      - Name of the identity provider in NetBird, as its login page shows it. The default is
        V(authentik).
    type: str
  send_secret:
    description:
      - "Whether NetBird gets the client secret again. By default it gets it with a new identity
        provider, or when authentik's changes: NetBird does not show which one it has."
    type: bool
  claim_groups:
    description:
      - Names of the groups that authentik reports to NetBird. By default it reports every group of
        a person.
    type: list
    elements: str
  claim_groups_prefix:
    description:
      - authentik reports the groups whose names begin with this to NetBird.
    type: str
  claim_entitlements:
    description:
      - Whether authentik reports a person's entitlements of the application to NetBird, in place of
        groups.
    type: bool
  sync_groups:
    description:
      - Whether NetBird synchronizes people's groups at each login. By default its setting stays as
        it is.
    type: bool
  allowed_groups:
    description:
      - Names of the groups whose members may use NetBird; it refuses everyone else except its local
        owner. Needs O(sync_groups). By default its setting stays as it is.
    type: list
    elements: str
  user_approval:
    description:
      - Whether an administrator of NetBird must approve people after their first login. The default
        is V(keep).
    type: str
    choices: [keep, required, not_required]
  # End of what is generated.
"""
