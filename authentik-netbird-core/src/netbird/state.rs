//! [`NetbirdState`]: what NetBird has.

use super::{Account, IdentityProvider, IdentityProviderId, User};

/// NetBird's state, as far as an integration needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NetbirdState {
    /// Connectors of the embedded identity provider.
    pub identity_providers: Vec<IdentityProvider>,
    /// The account of the token's user; NetBird shows no other.
    pub accounts: Vec<Account>,
    /// Users, read only where identity providers may be duplicates.
    pub users: Vec<User>,
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

    /// Whether two identity providers have the same issuer or client: one of them may be a duplicate.
    pub(crate) fn may_have_duplicates(&self) -> bool {
        let all = &self.identity_providers;
        let is_alike = |(at, one): (usize, &IdentityProvider)| {
            let mut others = all[at + 1..].iter();
            others.any(|other| other.issuer == one.issuer || other.client_id == one.client_id)
        };
        all.iter().enumerate().any(is_alike)
    }

    /// How many users log in through an identity provider; `None` where NetBird does not show it.
    pub(crate) fn users_of(&self, provider: &IdentityProviderId) -> Option<usize> {
        let is_shown = self.users.iter().all(|user| user.is_service_user || user.idp_id.is_some());
        let is_complete = is_shown && self.users.iter().any(User::sees_all);
        let is_its = |user: &&User| user.idp_id.as_ref() == Some(provider);
        is_complete.then(|| self.users.iter().filter(is_its).count())
    }
}
