//! [`Administration`]: what an administrator's token shows, to tell causes apart.

use std::time::SystemTime;

use crate::authentik::{Application, Group, PolicyBinding, Provider, Token, User, UserId, Version};
use crate::error::{Error, Result};

/// What an administrator's token shows. Each part may be missing: checks do without it.
#[cfg_attr(test, derive(Debug))]
pub(super) struct Administration {
    pub(super) version: Result<Version>,
    pub(super) application: Result<Option<Application>>,
    /// Those of NetBird's client id; authentik may have ignored the filter.
    pub(super) providers: Result<Vec<Provider>>,
    /// `None`: NetBird uses no account.
    pub(super) account: Option<AccountReads>,
    /// `None`: there is no application.
    pub(super) bindings: Option<Result<Vec<PolicyBinding>>>,
    /// `None`: no check needed them.
    pub(super) groups: Option<Result<Vec<Group>>>,
    /// When it was read, by this machine's clock.
    pub(super) at: SystemTime,
}

#[cfg_attr(test, derive(Debug))]
pub(super) struct AccountReads {
    /// Those of the account's name; authentik may have ignored the filter.
    pub(super) users: Result<Vec<User>>,
    /// Those whose name contains it, in whatever case.
    pub(super) like_named: Result<Vec<User>>,
    pub(super) tokens: Result<Vec<Token>>,
}

/// The result of looking for one thing.
#[derive(Clone, Copy)]
pub(super) enum LookUp<'a, T> {
    /// It could not be looked for.
    Unread,
    /// There is none.
    Missing,
    Found(&'a T),
}

impl<'a, T> LookUp<'a, T> {
    fn of(list: Option<&'a Vec<T>>, is_it: impl Fn(&T) -> bool) -> Self {
        match list {
            None => Self::Unread,
            Some(list) => list.iter().find(|one| is_it(one)).map_or(Self::Missing, Self::Found),
        }
    }

    pub(super) fn found(self) -> Option<&'a T> {
        match self {
            Self::Found(one) => Some(one),
            Self::Unread | Self::Missing => None,
        }
    }
}

impl Administration {
    /// The first thing that could not be read.
    pub(super) fn error(&self) -> Option<&Error> {
        let account = self.account.as_ref();
        let errors = [
            self.version.as_ref().err(),
            self.application.as_ref().err(),
            self.providers.as_ref().err(),
            account.and_then(|account| account.users.as_ref().err()),
            account.and_then(|account| account.like_named.as_ref().err()),
            account.and_then(|account| account.tokens.as_ref().err()),
            self.bindings.as_ref().and_then(|bindings| bindings.as_ref().err()),
            self.groups.as_ref().and_then(|groups| groups.as_ref().err()),
        ];
        errors.into_iter().flatten().next()
    }

    /// The provider with this client id.
    pub(super) fn client(&self, client_id: &str) -> LookUp<'_, Provider> {
        let providers = self.providers.as_ref().ok();
        LookUp::of(providers, |provider| provider.client_id.as_str() == client_id)
    }

    /// The account with this name, exactly.
    pub(super) fn account(&self, username: &str) -> LookUp<'_, User> {
        let users = self.account.as_ref().and_then(|account| account.users.as_ref().ok());
        LookUp::of(users, |user| user.username == username)
    }

    /// A user whose name differs from this one only in case.
    pub(super) fn differently_written(&self, username: &str) -> Option<&User> {
        let users = self.account.as_ref()?.like_named.as_ref().ok()?;
        let lower = username.to_lowercase();
        users.iter().find(|user| user.username != username && user.username.to_lowercase() == lower)
    }

    /// The tokens of a user.
    pub(super) fn tokens(&self, user: UserId) -> Option<Vec<&Token>> {
        let tokens = self.account.as_ref()?.tokens.as_ref().ok()?;
        Some(tokens.iter().filter(|token| token.user == Some(user)).collect())
    }
}
