//! [`Expiry`]: when something that logins depend on expires.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::ids::text_enum;

text_enum! {
    /// The kinds of things that expire.
    ExpiryKind {
        /// An app password of the service account. Every login fails once NetBird's has expired.
        AppPassword = "app_password",
        /// The certificate of the signing key, whose dates NetBird and authentik ignore.
        SigningKey = "signing_key",
    }
}

/// When something that logins depend on expires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Expiry {
    /// What.
    pub kind: ExpiryKind,
    /// Identifier of the app password, or name of the certificate-key pair.
    pub name: String,
    /// When, in JSON as RFC 3339; `None`: never.
    #[serde(with = "rfc3339")]
    pub expires: Option<SystemTime>,
}

mod rfc3339 {
    use std::time::SystemTime;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "serde calls it with a reference to the field")]
    pub(super) fn serialize<S: Serializer>(
        time: &Option<SystemTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text = time.map(|time| humantime::format_rfc3339(time).to_string());
        text.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<SystemTime>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| humantime::parse_rfc3339(&text).map_err(D::Error::custom)).transpose()
    }
}
