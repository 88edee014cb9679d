//! The shapes of authentik's answers, and what this crate reads of each.

use std::fmt::Debug;

use authentik_netbird_core::authentik::{
    Application, Brand, CertificateKeyPair, Flow, Group, Page, PolicyBinding, Provider,
    ScopeMapping, Token, User, VersionResponse,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Fields of the JSON and what was decoded from them.
pub(crate) type Fields = Vec<(&'static str, Value)>;

/// Decodes an answer; returns how many objects were in it.
pub(crate) type Decode = fn(&Value) -> Result<usize, String>;

/// One shape: the API's path, the OpenAPI component, and how it is decoded alone and in a list.
pub(crate) struct Shape {
    pub(crate) path: &'static str,
    pub(crate) component: &'static str,
    pub(crate) one: Decode,
    pub(crate) list: Decode,
    /// How a plain array of it is decoded.
    pub(crate) array: Decode,
}

macro_rules! shape {
    ($path:literal, $component:literal, $fields:expr) => {
        Shape {
            path: $path,
            component: $component,
            one: |value| one(value, $fields).map(|()| 1),
            list: |value| list(value, $fields),
            array: |value| array(value, $fields),
        }
    };
}
pub(crate) use shape;

pub(crate) const SHAPES: [Shape; 11] = [
    shape!("/flows/instances/", "Flow", flow),
    shape!("/propertymappings/provider/scope/", "ScopeMapping", |mapping: &ScopeMapping| vec![
        ("pk", json!(mapping.pk)),
        ("name", json!(mapping.name)),
        ("managed", json!(mapping.managed)),
        ("scope_name", json!(mapping.scope_name)),
    ]),
    shape!("/crypto/certificatekeypairs/", "CertificateKeyPair", |pair: &CertificateKeyPair| vec![
        ("pk", json!(pair.pk)),
        ("name", json!(pair.name)),
        ("private_key_available", json!(pair.private_key_available)),
        ("key_type", json!(pair.key_type)),
        ("private_key_type", json!(pair.private_key_type)),
        ("cert_expiry", json!(pair.cert_expiry)),
    ]),
    shape!("/core/brands/", "Brand", |brand: &Brand| vec![
        ("brand_uuid", json!(brand.pk)),
        ("domain", json!(brand.domain)),
        ("default", json!(brand.default)),
        ("flow_device_code", json!(brand.flow_device_code)),
    ]),
    shape!("/core/groups/", "Group", |group: &Group| vec![
        ("pk", json!(group.pk)),
        ("name", json!(group.name)),
        ("is_superuser", json!(group.is_superuser)),
        ("users", json!(group.users)),
        ("roles", json!(group.roles)),
        ("parent", json!(group.parent)),
        ("parents", json!(group.parents)),
    ]),
    shape!("/core/users/", "User", |user: &User| user_fields(user)),
    shape!("/core/tokens/", "Token", |token: &Token| vec![
        ("identifier", json!(token.identifier)),
        ("intent", json!(token.intent)),
        ("user", json!(token.user)),
        ("expiring", json!(token.expiring)),
        ("expires", json!(token.expires)),
        (
            "user_obj",
            token.user_obj.as_deref().map_or(Value::Null, |user| object(user_fields(user)))
        ),
    ]),
    shape!("/providers/oauth2/", "OAuth2Provider", provider),
    shape!("/core/applications/", "Application", |application: &Application| vec![
        ("pk", json!(application.pk)),
        ("name", json!(application.name)),
        ("slug", json!(application.slug)),
        ("provider", json!(application.provider)),
        ("provider_obj", json!({"name": application.provider_name})),
        ("meta_launch_url", json!(application.meta_launch_url)),
        ("policy_engine_mode", json!(application.policy_engine_mode)),
        ("group", json!(application.group)),
    ]),
    shape!("/policies/bindings/", "PolicyBinding", |binding: &PolicyBinding| vec![
        ("pk", json!(binding.pk)),
        ("target", json!(binding.target)),
        ("group", json!(binding.group)),
        ("user", json!(binding.user)),
        ("policy", json!(binding.policy)),
        ("enabled", json!(binding.enabled)),
        ("negate", json!(binding.negate)),
        ("order", json!(binding.order)),
        ("expiring", json!(binding.expiring)),
    ]),
    shape!("/admin/version/", "Version", |answer: &VersionResponse| {
        // Written without the suffix of a pre-release.
        vec![("version_current", json!(answer.version_current.to_string()))]
    }),
];

fn flow(flow: &Flow) -> Fields {
    vec![
        ("pk", json!(flow.pk)),
        ("name", json!(flow.name)),
        ("slug", json!(flow.slug)),
        ("title", json!(flow.title)),
        ("designation", json!(flow.designation)),
        ("authentication", json!(flow.authentication)),
        ("stages", json!(flow.stages)),
        ("policies", json!(flow.policies)),
        ("layout", json!(flow.layout)),
        ("denied_action", json!(flow.denied_action)),
        ("policy_engine_mode", json!(flow.policy_engine_mode)),
        ("compatibility_mode", json!(flow.compatibility_mode)),
        ("background", json!(flow.background)),
    ]
}

fn user_fields(user: &User) -> Fields {
    vec![
        ("pk", json!(user.pk)),
        ("username", json!(user.username)),
        ("is_active", json!(user.is_active)),
        ("type", json!(user.user_type)),
        ("is_superuser", json!(user.is_superuser)),
        ("groups", json!(user.groups)),
        (
            "groups_obj",
            user.named_groups
                .iter()
                .map(
                    |one| json!({"pk": one.pk, "name": one.name, "is_superuser": one.is_superuser}),
                )
                .collect(),
        ),
        ("roles", json!(user.roles)),
        (
            "roles_obj",
            user.named_roles.iter().map(|one| json!({"pk": one.pk, "name": one.name})).collect(),
        ),
    ]
}

fn object(fields: Fields) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn provider(provider: &Provider) -> Fields {
    vec![
        ("pk", json!(provider.pk)),
        ("name", json!(provider.name)),
        ("client_id", json!(provider.client_id)),
        ("client_type", json!(provider.client_type)),
        ("authorization_flow", json!(provider.authorization_flow)),
        ("invalidation_flow", json!(provider.invalidation_flow)),
        ("property_mappings", json!(provider.property_mappings)),
        ("grant_types", json!(provider.grant_types)),
        ("redirect_uris", json!(provider.redirect_uris)),
        ("access_code_validity", json!(provider.access_code_validity)),
        ("sub_mode", json!(provider.sub_mode)),
        ("issuer_mode", json!(provider.issuer_mode)),
        ("include_claims_in_id_token", json!(provider.include_claims_in_id_token)),
        ("signing_key", json!(provider.signing_key)),
        ("encryption_key", json!(provider.encryption_key)),
        ("assigned_application_slug", json!(provider.assigned_application_slug)),
        ("jwt_federation_providers", json!(provider.jwt_federation_providers)),
    ]
}

pub(crate) fn one<T: DeserializeOwned + Debug>(
    value: &Value,
    fields: fn(&T) -> Fields,
) -> Result<(), String> {
    let object: T = decoded(value)?;
    compare(value, fields(&object))
}

pub(crate) fn list<T: DeserializeOwned + Debug>(
    value: &Value,
    fields: fn(&T) -> Fields,
) -> Result<usize, String> {
    let page: Page<T> = decoded(value)?;
    let (next, count) = (&value["pagination"]["next"], &value["pagination"]["count"]);
    if (page.pagination.next.into(), page.pagination.count.into()) != (next.clone(), count.clone())
    {
        return Err(format!("{:?} from {}", page.pagination, value["pagination"]));
    }
    let sent = value["results"].as_array().ok_or("results is no list")?;
    all(sent, &page.results, fields)
}

pub(crate) fn array<T: DeserializeOwned>(
    value: &Value,
    fields: fn(&T) -> Fields,
) -> Result<usize, String> {
    let objects: Vec<T> = decoded(value)?;
    all(value.as_array().ok_or("no list")?, &objects, fields)
}

fn all<T>(sent: &[Value], objects: &[T], fields: fn(&T) -> Fields) -> Result<usize, String> {
    for (value, object) in sent.iter().zip(objects) {
        compare(value, fields(object))?;
    }
    if sent.len() == objects.len() { Ok(sent.len()) } else { Err("some are lost".to_owned()) }
}

fn decoded<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    T::deserialize(value).map_err(|error| error.to_string())
}

/// What was sent is what was decoded; a default stands for what was not sent, and for `null`.
fn compare(sent: &Value, decoded: Fields) -> Result<(), String> {
    for (name, decoded) in decoded {
        let Some(sent) = sent.get(name).filter(|sent| !sent.is_null()) else { continue };
        let same = match (sent, &decoded) {
            (Value::String(sent), Value::String(decoded)) if name == "version_current" => {
                sent.split('-').next() == Some(decoded)
            }
            _ => within(&decoded, sent),
        };
        if !same {
            return Err(format!("{name}: sent {sent}, decoded {decoded}"));
        }
    }
    Ok(())
}

/// Whether everything of `part` is in `whole`, which may have fields that we do not read. Of an object
/// its key alone may be read.
fn within(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => part.iter().all(|(name, part)| {
            // What was not sent, or as null, is a default.
            whole.get(name).is_none_or(|whole| whole.is_null() || within(part, whole))
        }),
        (Value::Array(part), Value::Array(whole)) => {
            part.len() == whole.len() && part.iter().zip(whole).all(|(a, b)| within(a, b))
        }
        (Value::String(_), Value::Object(whole)) => whole.get("pk") == Some(part),
        _ => part == whole,
    }
}
