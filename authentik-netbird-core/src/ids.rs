//! What things are called: primary keys, identity keys, and ids that are not known yet.

use std::fmt;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::issue::printable;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text as the server writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

text_id!(/** Primary key of an application, a UUID. */ ApplicationId);
text_id!(/** Primary key of a brand, a UUID (authentik's `brand_uuid`). */ BrandId);
text_id!(/** Primary key of a certificate-key pair, a UUID. */ CertificateId);
text_id!(/** Primary key of a flow, a UUID. */ FlowId);
text_id!(/** Primary key of a group, a UUID. */ GroupId);
text_id!(/** Primary key of a policy binding, a UUID. */ PolicyBindingId);
text_id!(/** Primary key of a role, a UUID. */ RoleId);
text_id!(/** Primary key of a scope mapping, a UUID. */ ScopeMappingId);
text_id!(/** An OAuth2 client id. Public: it is in every browser's address bar. */ ClientId);
text_id!(/** Identity key of an application or a flow; part of its URL. */ Slug);
text_id!(/** Identity key of a token (authentik's `identifier`); not the token's value. */ TokenIdentifier);
text_id!(/** Name of an operation within its plan, such as `provider`. Unique there, and stable. */ OperationId);
number_id!(/** Primary key of an OAuth2 provider. */ ProviderId);
number_id!(/** Primary key of a user; with subject mode `user_id` also the token's `sub`. */ UserId);

/// An id in a request that may not be known before the plan is applied.
///
/// On the wire and in a plan's JSON a known id is the bare id; the others are
/// `{"made_by": OPERATION}` and `{"named": IDENTITY KEY}`.
///
/// ```
/// use authentik_netbird_core::ids::{ProviderId, Reference};
///
/// let known: Reference<ProviderId> = serde_json::from_str("7")?;
/// assert_eq!(known, Reference::Known(ProviderId(7)));
/// let later: Reference<ProviderId> = serde_json::from_str(r#"{"made_by": "provider"}"#)?;
/// assert_eq!(later.to_string(), "made by operation provider");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Reference<T> {
    /// The server has it, under this id.
    Known(T),
    /// An earlier operation of the plan makes it.
    Made {
        /// That operation.
        made_by: OperationId,
    },
    /// Offline plans only: the server is taken to have it, under this identity key.
    Named {
        /// Slug, name or `managed` value.
        named: String,
    },
}

impl<T> Reference<T> {
    /// The id, where it is known.
    #[must_use]
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(id) => Some(id),
            Self::Made { .. } | Self::Named { .. } => None,
        }
    }

    /// The operation that makes it, where one does.
    #[must_use]
    pub fn made_by(&self) -> Option<&OperationId> {
        match self {
            Self::Made { made_by } => Some(made_by),
            Self::Known(_) | Self::Named { .. } => None,
        }
    }
}

/// By way of a [`Value`], which builds faster than serde's own way with untagged enums.
impl<'de, T: DeserializeOwned> Deserialize<'de> for Reference<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let text = |field| value.get(field).and_then(Value::as_str);
        if let Some(made_by) = text("made_by") {
            return Ok(Self::Made { made_by: made_by.into() });
        }
        if let Some(named) = text("named") {
            return Ok(Self::Named { named: named.to_owned() });
        }
        T::deserialize(value).map(Self::Known).map_err(D::Error::custom)
    }
}

impl<T: fmt::Display> fmt::Display for Reference<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(id) => id.fmt(f),
            Self::Made { made_by } => write!(f, "made by operation {made_by}"),
            Self::Named { named } => f.write_str(named),
        }
    }
}

/// What sort of thing a [`Resource`] is, in authentik's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ResourceKind {
    /// The server itself and its version.
    Server,
    /// An OAuth2/OpenID provider; identity key: name.
    Provider,
    /// An application; identity key: slug.
    Application,
    /// A user of type service account; identity key: user name.
    ServiceAccount,
    /// A token with intent `app_password`; identity key: identifier.
    AppPassword,
    /// A group; identity key: name.
    Group,
    /// One user's place in one group.
    GroupMembership,
    /// A role; identity key: name.
    Role,
    /// The global permissions of a role.
    RolePermissions,
    /// A flow; identity key: slug.
    Flow,
    /// A brand; identity key: domain.
    Brand,
    /// A certificate-key pair; identity key: name.
    CertificateKeyPair,
    /// A scope mapping; identity key: `managed`.
    ScopeMapping,
    /// A binding of a group, user or policy to an application.
    PolicyBinding,
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Server => "server",
            Self::Provider => "provider",
            Self::Application => "application",
            Self::ServiceAccount => "service account",
            Self::AppPassword => "app password",
            Self::Group => "group",
            Self::GroupMembership => "group membership",
            Self::Role => "role",
            Self::RolePermissions => "permissions of role",
            Self::Flow => "flow",
            Self::Brand => "brand",
            Self::CertificateKeyPair => "certificate-key pair",
            Self::ScopeMapping => "scope mapping",
            Self::PolicyBinding => "policy binding",
        })
    }
}

/// One thing on the server, by kind and identity key. Displays as `provider "NetBird"`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Resource {
    /// What it is.
    pub kind: ResourceKind,
    /// Its identity key: what we match on, never a primary key.
    pub name: String,
}

impl Resource {
    /// A resource of this kind and identity key.
    #[must_use]
    pub fn new(kind: ResourceKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            // There is one server, and its name here is what is asked of it.
            ResourceKind::Server => write!(f, "server's {}", printable(&self.name)),
            kind => write!(f, "{kind} {:?}", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_as_people_wrote_them_and_draw_on_no_terminal() {
        let shown = |name: &str| Resource::new(ResourceKind::Group, name).to_string();
        assert_eq!(shown("Köln's VPN"), "group \"Köln's VPN\"");
        assert_eq!(shown("a \"b\"\u{1b}[31m"), "group \"a \\\"b\\\"\\u{1b}[31m\"");
    }
}
