//! [`NetbirdState`]: what NetBird has.

use super::{Account, IdentityProvider};

/// NetBird's state, as far as an integration needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NetbirdState {
    /// Connectors of the embedded identity provider.
    pub identity_providers: Vec<IdentityProvider>,
    /// The account of the token's user; NetBird shows no other.
    pub accounts: Vec<Account>,
    /// Host of its API, as the client reaches it.
    pub host: Option<String>,
    /// Why it could not be read; `None`: it was read, or is not needed.
    pub unread: Option<String>,
    /// Whether its token was not given: then its side is somebody else's.
    pub is_without_token: bool,
}

impl NetbirdState {
    pub(crate) fn account(&self) -> Option<&Account> {
        self.accounts.first()
    }
}
