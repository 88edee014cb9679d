//! [`CheckName`]: what is checked.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What is checked, in the order of a report: causes before what follows from them. In JSON and as text
/// it is [`as_str`](Self::as_str), which stays the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CheckName {
    /// The application's discovery document exists.
    Discovery,
    /// The issuer in it is exactly the expected one.
    Issuer,
    /// The endpoints in it exist, and are on that server.
    Endpoints,
    /// authentik's clock and this machine's agree.
    Clock,
    /// The administrator's token may read what is checked, and the release is supported.
    Administration,
    /// NetBird's client id is that of the application's provider, a public client.
    Client,
    /// NetBird expects the audience that authentik's tokens have.
    Audience,
    /// Tokens are signed with an RSA key.
    SigningKey,
    /// Tokens are not encrypted.
    Encryption,
    /// The subject in tokens is the user's id, by which NetBird looks users up.
    SubjectMode,
    /// The provider has the scopes that NetBird requests, `offline_access` among them.
    Scopes,
    /// The provider allows the grant types that NetBird uses (authentik 2026.5 and later).
    GrantTypes,
    /// The provider allows NetBird's redirect URIs, and no other host's.
    RedirectUris,
    /// People are not asked to log in twice.
    PromptLogin,
    /// authentik issues device codes.
    DeviceAuthorization,
    /// The page where people type device codes exists: the brand has a device-code flow.
    DevicePage,
    /// The service account exists, with exactly that name, and is active.
    ServiceAccount,
    /// It has an app password that is still valid.
    AppPassword,
    /// The application's bindings allow it.
    ApplicationAccess,
    /// NetBird's token request succeeds.
    Token,
    /// NetBird's request for users, with that token, succeeds.
    Users,
}

impl CheckName {
    /// All of them, in the order of a report.
    pub const ALL: [Self; 21] = [
        Self::Discovery,
        Self::Issuer,
        Self::Endpoints,
        Self::Clock,
        Self::Administration,
        Self::Client,
        Self::Audience,
        Self::SigningKey,
        Self::Encryption,
        Self::SubjectMode,
        Self::Scopes,
        Self::GrantTypes,
        Self::RedirectUris,
        Self::PromptLogin,
        Self::DeviceAuthorization,
        Self::DevicePage,
        Self::ServiceAccount,
        Self::AppPassword,
        Self::ApplicationAccess,
        Self::Token,
        Self::Users,
    ];

    /// Its text, such as `app_password`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Issuer => "issuer",
            Self::Endpoints => "endpoints",
            Self::Clock => "clock",
            Self::Administration => "administration",
            Self::Client => "client",
            Self::Audience => "audience",
            Self::SigningKey => "signing_key",
            Self::Encryption => "encryption",
            Self::SubjectMode => "subject_mode",
            Self::Scopes => "scopes",
            Self::GrantTypes => "grant_types",
            Self::RedirectUris => "redirect_uris",
            Self::PromptLogin => "prompt_login",
            Self::DeviceAuthorization => "device_authorization",
            Self::DevicePage => "device_page",
            Self::ServiceAccount => "service_account",
            Self::AppPassword => "app_password",
            Self::ApplicationAccess => "application_access",
            Self::Token => "token",
            Self::Users => "users",
        }
    }
}

impl fmt::Display for CheckName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_listed_in_their_order_and_json_has_the_same_texts() {
        assert!(CheckName::ALL.is_sorted());
        for name in CheckName::ALL {
            assert_eq!(serde_json::to_value(name).unwrap(), name.as_str());
        }
    }
}
