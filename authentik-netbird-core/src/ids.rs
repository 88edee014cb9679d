//! Names of things: kinds, identity keys, and ids that are not known yet.

mod parse;

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::issue::printable;

pub use parse::ParseEnumError;
pub(crate) use parse::{parse, parsed};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text as the server writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
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

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize,
            serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}
/// Defines an enum of texts: its variants, and how JSON and messages write them.
macro_rules! text_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its text.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        crate::ids::parsed!($name);
    };
}
pub(crate) use {number_id, text_enum, text_id};

text_id!(/** An OAuth2 client id. Public: it is in every browser's address bar. */ ClientId);
text_id!(/** Identity key of an application or a flow; part of its URL. */ Slug);
text_id!(/** Name of an operation within its plan, such as `provider`. Unique there, and stable. */ OperationId);

/// An id in a request that may not be known before the plan is applied.
///
/// On the wire and in a plan's JSON a known id is the bare id; the others are
/// `{"pending": OPERATION}` and `{"named": IDENTITY KEY}`.
///
/// ```
/// use authentik_netbird_core::authentik::ProviderId;
/// use authentik_netbird_core::ids::Reference;
///
/// let known: Reference<ProviderId> = serde_json::from_str("7")?;
/// assert_eq!(known, Reference::Known(ProviderId(7)));
/// let pending: Reference<ProviderId> = serde_json::from_str(r#"{"pending": "provider"}"#)?;
/// assert_eq!(pending.to_string(), "created by operation provider");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Reference<T> {
    /// The server has the object, under this id.
    Known(T),
    /// An earlier operation of the plan creates the object.
    Pending {
        /// That operation.
        pending: OperationId,
    },
    /// Offline plans only: the server is assumed to have the object, under this identity key.
    Named {
        /// Slug, name or `managed` value.
        named: String,
    },
}

impl<T> Reference<T> {
    /// The id of the object that the operation of this name creates.
    pub(crate) fn pending(operation: &str) -> Self {
        Self::Pending { pending: operation.into() }
    }

    /// The id, if it is known.
    #[must_use]
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(id) => Some(id),
            Self::Pending { .. } | Self::Named { .. } => None,
        }
    }

    /// The operation that creates the object, if one does.
    #[must_use]
    pub fn created_by(&self) -> Option<&OperationId> {
        match self {
            Self::Pending { pending } => Some(pending),
            Self::Known(_) | Self::Named { .. } => None,
        }
    }
}

impl<T: fmt::Display> fmt::Display for Reference<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(id) => id.fmt(f),
            Self::Pending { pending } => write!(f, "created by operation {pending}"),
            Self::Named { named } => f.write_str(named),
        }
    }
}

/// A server that is read and written.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Server {
    /// authentik's API.
    #[default]
    Authentik,
    /// NetBird's management API.
    Netbird,
}

parsed!(Server);

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Authentik => "authentik",
            Self::Netbird => "NetBird",
        })
    }
}

/// The kind of a [`Resource`], such as `policy_binding`. Each resource defines its own; displays
/// as words: `policy binding`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ResourceKind(Cow<'static, str>);

impl ResourceKind {
    /// The server itself and its version.
    pub const SERVER: Self = Self::new("server");

    pub(crate) const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The kind as JSON has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // As authentik's pages write it.
        let words = self.0.replace("certificate_key", "certificate-key").replace('_', " ");
        f.write_str(&printable(&words))
    }
}

/// One object on the server, by kind and identity key. Displays as `provider "NetBird"`; without a name it is all
/// of the kind, as `providers`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Resource {
    /// Its kind.
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

    /// Something that the server itself reports, such as its version.
    pub(crate) fn server(name: &str) -> Self {
        Self::new(ResourceKind::SERVER, name)
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == ResourceKind::SERVER {
            // There is one server, and the name is what is asked of it.
            return write!(f, "server's {}", printable(&self.name));
        }
        if self.name.is_empty() {
            let kind = self.kind.to_string();
            return write!(f, "{}s", kind.trim_end_matches('s'));
        }
        write!(f, "{} {:?}", self.kind, self.name)
    }
}

#[cfg(test)]
mod tests;
