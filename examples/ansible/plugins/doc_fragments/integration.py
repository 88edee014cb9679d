# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)

"""What is asked for: one NetBird on one authentik."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the integration; each default is the guide's value."""

    DOMAIN = r"""
options:
  domain:
    description: NetBird's host name.
    type: str
    required: true
"""

    DOCUMENTATION = r"""
options:
  mode:
    description: How NetBird and authentik are connected. V(standalone) is the guide's way.
    type: str
    choices: [standalone]
    default: standalone
  application_name:
    description: Name of the application, as users see it.
    type: str
    default: NetBird
  application_slug:
    description:
      - Slug of the application, 1 to 50 letters, digits, C(-) and C(_). It is part of the issuer.
    type: str
    default: netbird
  application_group:
    description: Heading that the application is listed under. Left as it is by default.
    type: str
  launch_url:
    description: Where the application's tile leads. By default to O(domain), by C(https).
    type: str
  provider_name:
    description: Name of the provider. Two NetBirds on one authentik need two names.
    type: str
    default: NetBird
  client_id:
    description: OAuth2 client id. By default authentik makes one, and it is kept from then on.
    type: str
  authorization_flow:
    description: Slug of the authorization flow.
    type: str
    default: default-provider-authorization-implicit-consent
  invalidation_flow:
    description: Slug of the invalidation flow.
    type: str
    default: default-provider-invalidation-flow
  redirect_uris:
    description:
      - Which redirect URIs the provider gets. V(as_in_guide) lets foreign hosts in whose name begins
        with O(domain), and warns of it.
    type: str
    choices: [recommended, as_in_guide]
    default: recommended
  extra_redirect_uris:
    description: Further redirect URIs.
    type: list
    elements: dict
    default: []
    suboptions:
      url:
        description:
          - The URI, or a regular expression that must match the whole URI. The expression must write
            its host out, with the dots escaped.
        type: str
        required: true
      matching_mode:
        description: How authentik compares it.
        type: str
        choices: [strict, regex]
        default: strict
  signing_key:
    description:
      - Name of the certificate-key pair that signs tokens, an RSA one. By default the one in use if it
        will do, else authentik's self-signed one, else the first by name that will do.
    type: str
  access_code_validity:
    description: Life of codes.
    type: str
    default: minutes=10
  service_account:
    description:
      - The service account that NetBird reads users with, by its rights. V(administrator) is the guide's.
        V(user_reader) may read users, which is all that NetBird needs, V(user_deleter) may delete them, too.
        With V(none) there is no account, and NetBird reads no users.
    type: str
    choices: [administrator, user_reader, user_deleter, none]
    default: administrator
  service_account_name:
    description: User name of the service account. Case matters.
    type: str
    default: NetBird
  access_groups:
    description:
      - Names of the groups whose members may log in. The service account is let in besides, and other
        bindings are kept. When none is named, everyone may.
    type: list
    elements: str
    default: []
  create_access_groups:
    description:
      - Whether access groups that are missing are made, without members. Otherwise that is an error.
    type: bool
    default: false
  app_password_expires:
    description:
      - When a newly made service account's app password expires, in UTC, such as
        V(2030-01-31T00:00:00Z). Never by default.
    type: str
  device_flow:
    description: Slug of the device-code flow.
    type: str
    default: default-device-code-flow
  device_flow_name:
    description: Name of the device-code flow. By default its slug.
    type: str
  device_flow_title:
    description: Title of the device-code flow, as users see it.
    type: str
    default: Device code flow
  brand:
    description: Domain of the brand that gets the device-code flow. By default authentik's default brand.
    type: str
  replace_device_code_flow:
    description:
      - Whether a brand that has another device-code flow already gets ours. Otherwise it keeps its own,
        with a warning.
    type: bool
    default: false
  adopt:
    description: Whether what belongs to something else is taken over. Otherwise that is an error.
    type: bool
    default: false
  reverse_proxy:
    description: Whether NetBird is behind a reverse proxy on port 443.
    type: bool
    default: false
"""
