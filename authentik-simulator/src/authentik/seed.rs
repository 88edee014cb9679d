//! A factory-fresh authentik: what the default blueprints make, as recorded.

use std::time::SystemTime;

use serde_json::{Map, json};

use super::objects::KeyType;
use super::permissions::catalogue;
use super::{Release, State};

/// Slug, name, title, designation, authentication, how many stages, how many policies.
type FlowSeed = (&'static str, &'static str, &'static str, &'static str, &'static str, u8, u8);

const WELCOME: &str = "Welcome to authentik!";
const SETUP: &str = "stage_configuration";
const LOGGED_IN: &str = "require_authenticated";

const FLOWS: [FlowSeed; 14] = [
    ("default-authentication-flow", WELCOME, WELCOME, "authentication", "none", 4, 0),
    (
        "default-authenticator-static-setup",
        "default-authenticator-static-setup",
        "Setup Static OTP Tokens",
        SETUP,
        LOGGED_IN,
        1,
        0,
    ),
    (
        "default-authenticator-totp-setup",
        "default-authenticator-totp-setup",
        "Set up Two-Factor authentication",
        SETUP,
        LOGGED_IN,
        1,
        0,
    ),
    (
        "default-authenticator-webauthn-setup",
        "default-authenticator-webauthn-setup",
        "Setup WebAuthn",
        SETUP,
        LOGGED_IN,
        1,
        0,
    ),
    (
        "default-invalidation-flow",
        "Logout",
        "Default Invalidation Flow",
        "invalidation",
        "none",
        1,
        0,
    ),
    ("default-password-change", "Change Password", "Change password", SETUP, LOGGED_IN, 2, 0),
    (
        "default-provider-authorization-explicit-consent",
        "Authorize Application",
        "Redirecting to %(app)s",
        "authorization",
        LOGGED_IN,
        1,
        0,
    ),
    (
        "default-provider-authorization-implicit-consent",
        "Authorize Application",
        "Redirecting to %(app)s",
        "authorization",
        LOGGED_IN,
        0,
        0,
    ),
    (
        "default-provider-invalidation-flow",
        "Logged out of application",
        "You've logged out of %(app)s.",
        "invalidation",
        "none",
        0,
        0,
    ),
    (
        "default-source-authentication",
        WELCOME,
        WELCOME,
        "authentication",
        "require_unauthenticated",
        1,
        1,
    ),
    (
        "default-source-enrollment",
        "Welcome to authentik! Please select a username.",
        "Welcome to authentik! Please select a username.",
        "enrollment",
        "none",
        3,
        1,
    ),
    (
        "default-source-pre-authentication",
        "Pre-Authentication",
        "Pre-authentication",
        SETUP,
        "none",
        0,
        0,
    ),
    ("default-user-settings-flow", "User settings", "Update your info", SETUP, LOGGED_IN, 2, 0),
    ("initial-setup", "default-oobe-setup", WELCOME, SETUP, "none", 3, 1),
];

/// Managed by, short name, scope name, description, expression; in the order in which they are made.
const SCOPES: [(&str, &str, &str, &str, &str); 7] = [
    (
        "goauthentik.io/providers/oauth2/scope-openid",
        "OpenID 'openid'",
        "openid",
        "",
        "# This scope is required by the OpenID-spec, and must as such exist in authentik.\n# The scope by itself does not grant any information\nreturn {}",
    ),
    (
        "goauthentik.io/providers/oauth2/scope-email",
        "OpenID 'email'",
        "email",
        "Email address",
        "return {\n    \"email\": request.user.email,\n    \"email_verified\": False\n}",
    ),
    (
        "goauthentik.io/providers/oauth2/scope-profile",
        "OpenID 'profile'",
        "profile",
        "General Profile Information",
        "return {\n    # Because authentik only saves the user's full name, and has no concept of first and last names,\n    # the full name is used as given name.\n    # You can override this behaviour in custom mappings, i.e. `request.user.name.split(\" \")`\n    \"name\": request.user.name,\n    \"given_name\": request.user.name,\n    \"preferred_username\": request.user.username,\n    \"nickname\": request.user.username,\n    \"groups\": [group.name for group in request.user.ak_groups.all()],\n}",
    ),
    (
        "goauthentik.io/providers/oauth2/scope-entitlements",
        "Application Entitlements",
        "entitlements",
        "Application entitlements",
        "entitlements = [entitlement.name for entitlement in request.user.app_entitlements(provider.application)]\nreturn {\n    \"entitlements\": entitlements,\n    \"roles\": entitlements,\n}",
    ),
    (
        "goauthentik.io/providers/oauth2/scope-offline_access",
        "OpenID 'offline_access'",
        "offline_access",
        "Access to request new tokens without interaction",
        "# This scope grants the application a refresh token that can be used to refresh user data\n# and let the application access authentik without the users interaction\nreturn {}",
    ),
    (
        "goauthentik.io/providers/oauth2/scope-authentik_api",
        "authentik API access",
        "goauthentik.io/api",
        "authentik API Access on behalf of your user",
        "# This scope grants the application the ability to access the authentik API\n# on behalf of the authorizing user\nreturn {}",
    ),
    (
        "goauthentik.io/providers/proxy/scope-proxy",
        "Proxy outpost",
        "ak_proxy",
        "authentik Proxy - User information",
        "# This mapping is used by the authentik proxy. It passes extra user attributes,\n# which are used for example for the HTTP-Basic Authentication mapping.\nreturn {\n    \"ak_proxy\": {\n        \"user_attributes\": request.user.group_attributes(request),\n        \"is_superuser\": request.user.is_superuser,\n    }\n}",
    ),
];

/// The state of a fresh server. `token` becomes the key of akadmin's bootstrap token.
pub(super) fn fresh(release: Release, now: SystemTime, token: &str) -> State {
    let mut state = State::empty(release, now);
    for (slug, name, title, designation, authentication, stages, policies) in FLOWS {
        let stages = (0..stages).map(|_| state.new_uuid()).collect();
        let policies = (0..policies).map(|_| state.new_uuid()).collect();
        let flow = state.add_flow(slug, title, designation);
        if release < Release::V2025_10 {
            flow.title = title.replace("Set up", "Setup");
        }
        name.clone_into(&mut flow.name);
        authentication.clone_into(&mut flow.authentication);
        (flow.stages, flow.policies) = (stages, policies);
    }
    for (managed, name, scope_name, description, expression) in SCOPES {
        let mapping = state
            .add_scope_mapping(&format!("authentik default OAuth Mapping: {name}"), scope_name);
        mapping.managed = Some(managed.to_owned());
        description.clone_into(&mut mapping.description);
        mapping.expression = if release >= Release::V2026_2 {
            expression.replace("ak_groups", "groups")
        } else if release < Release::V2025_10 {
            expression.replace("\"email_verified\": False", "\"email_verified\": True")
        } else {
            expression.to_owned()
        };
    }
    state.add_certificate("authentik Self-signed Certificate", KeyType::Rsa);
    brand(&mut state);
    people(&mut state, token);
    state
}

fn brand(state: &mut State) {
    let flow =
        |slug: &str| state.flows.iter().find(|flow| flow.slug == slug).map(|flow| flow.pk.clone());
    let (authentication, invalidation, settings) = (
        flow("default-authentication-flow"),
        flow("default-invalidation-flow"),
        flow("default-user-settings-flow"),
    );
    let brand = state.add_brand("authentik-default");
    brand.default = true;
    brand.flow_authentication = authentication;
    brand.flow_invalidation = invalidation;
    brand.flow_user_settings = settings;
}

fn administrator(state: &mut State) -> u64 {
    let admin = state.add_user("akadmin");
    "authentik Default Admin".clone_into(&mut admin.name);
    "admin@example.org".clone_into(&mut admin.email);
    admin.pk
}

fn outpost(state: &mut State) -> u64 {
    let id = state.new_uuid().replace('-', "");
    let account = state.add_user(&format!("ak-outpost-{id}"));
    "Outpost authentik Embedded Outpost Service-Account".clone_into(&mut account.name);
    "internal_service_account".clone_into(&mut account.kind);
    "goauthentik.io/outposts".clone_into(&mut account.path);
    account.pk
}

fn people(state: &mut State, token: &str) {
    // Other keys are used up: by the anonymous user, and by an outpost that was made twice.
    state.counters.users = 1;
    let (admin, account) = if state.release >= Release::V2026_5 {
        state.counters.users += 1;
        let admin = administrator(state);
        (admin, outpost(state))
    } else {
        let account = outpost(state);
        state.counters.users += 1;
        (administrator(state), account)
    };

    let admins = state.add_group("authentik Admins");
    admins.is_superuser = true;
    admins.users.push(admin);
    let reader = state.add_role("authentik Read-only");
    let views =
        catalogue().into_iter().filter(|permission| permission.codename.starts_with("view_"));
    reader.permissions = views.map(|permission| permission.full_name()).collect();
    reader.permissions.retain(|name| !name.ends_with("_key"));
    let reader = reader.pk.clone();
    let readers = state.add_group("authentik Read-only");
    readers.roles.push(reader);
    readers.attributes = Map::from_iter([(
        "notes".to_owned(),
        json!(
            "An group with an auto-generated role that allows read-only permissions on all objects.\n"
        ),
    )]);
    if state.release >= Release::V2025_12 {
        state.add_role(&format!("ak-managed-role--user-{account}")).users.push(account);
    }

    let bootstrap = state.add_token("authentik-bootstrap-token", admin);
    bootstrap.key = token.into();
    "Autogenerated token".clone_into(&mut bootstrap.description);
    let name = state.users.iter().find(|user| user.pk == account).map(|user| &user.username);
    let identifier = format!("{}-api", name.cloned().unwrap_or_default());
    let outpost = state.add_token(&identifier, account);
    outpost.managed = Some(format!("goauthentik.io/outpost/{}", outpost.identifier));
    "Autogenerated by authentik for Outpost authentik Embedded Outpost"
        .clone_into(&mut outpost.description);
}
