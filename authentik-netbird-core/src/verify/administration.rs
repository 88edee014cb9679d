//! [`Administration`]: what an administrator's token shows, to tell causes apart.

use std::time::SystemTime;

use crate::authentik::reads::{Goal, VerifiedNames};
use crate::authentik::{
    Application, Group, PolicyBinding, Provider, Role, Snapshot, Stored, Token, TokenIdentifier,
    User, UserId,
};
use crate::error::Error;
use crate::ids::{ClientId, Slug};
use crate::integration::{NetbirdIntegration, role_name};
use crate::outputs::Outputs;
use crate::plan::{DesiredState, others};
use crate::resource::Object;
use crate::verify::NetbirdSettings;

/// What an administrator's token shows, and why the rest could not be read: checks do without it.
#[derive(Debug)]
pub(crate) struct Administration {
    pub(crate) snapshot: Snapshot,
    pub(crate) errors: Vec<Error>,
}

/// The result of looking for one thing.
#[derive(Clone, Copy)]
pub(crate) enum LookUp<'a, T> {
    /// It could not be looked for.
    Unread,
    /// There is none.
    Missing,
    Found(&'a T),
}

impl<'a, T> LookUp<'a, T> {
    pub(crate) fn found(self) -> Option<&'a T> {
        match self {
            Self::Found(one) => Some(one),
            Self::Unread | Self::Missing => None,
        }
    }
}

/// What to read for these settings.
pub(crate) fn goal(settings: &NetbirdSettings) -> Goal {
    Goal::Verify(VerifiedNames {
        application: settings.application_slug(),
        client_id: Some(settings.client_id.as_str()).filter(|id| !id.is_empty()).map(Into::into),
        api_client_id: settings.api_client_id().map(Into::into),
        api_application: None,
        account: settings.account.as_ref().map(|account| account.username.clone()),
        role: settings.account.as_ref().map(|account| role_name(&account.username)),
    })
}

/// What to read to find out what NetBird should be given.
pub(crate) fn goal_of(integration: &NetbirdIntegration) -> Goal {
    let account = Outputs::of(integration, "".into()).account;
    Goal::Verify(VerifiedNames {
        application: integration.application_slug().clone(),
        client_id: integration.client_id().cloned(),
        api_client_id: None,
        api_application: api_application(integration),
        account: account.map(|account| account.username),
        role: None,
    })
}

/// Slug of the application of management's separate client, where there is to be one.
fn api_application(integration: &NetbirdIntegration) -> Option<Slug> {
    DesiredState::from(integration).api_client.map(|client| client.slug)
}

/// What NetBird should be given, as far as authentik has it.
pub(crate) struct Found {
    /// Empty if there is no provider.
    pub(crate) client_id: ClientId,
    /// `None`: the same.
    pub(crate) api_client_id: Option<ClientId>,
    pub(crate) app_password: Option<TokenIdentifier>,
}

impl Found {
    pub(crate) fn of(integration: &NetbirdIntegration, snapshot: &Snapshot) -> Self {
        let client_of = |slug: &Slug| {
            let provider = snapshot.application(slug.as_str())?.provider?;
            let provider = snapshot.providers.iter().find(|one| one.pk == provider)?;
            Some(provider.client_id.clone())
        };
        let client_id = client_of(integration.application_slug());
        let client_id = client_id.or_else(|| integration.client_id().cloned());
        let account = Outputs::of(integration, "".into()).account;
        let user = account.and_then(|account| snapshot.user(&account.username));
        let is_usable = |token: &&Token| {
            user.is_some_and(|user| token.user == Some(user.pk))
                && token.is_usable(snapshot.taken_at)
        };
        // One that does not expire outlives all others.
        let tokens = snapshot.tokens.iter().filter(is_usable);
        let best = tokens.max_by_key(|token| (!token.expiring, token.expiry()));
        Self {
            client_id: client_id.unwrap_or_else(|| "".into()),
            api_client_id: api_application(integration).as_ref().and_then(client_of),
            app_password: best.map(|token| token.identifier.clone()),
        }
    }
}

impl Administration {
    /// Whether what was read under this name could not be.
    fn is_unread<T: Stored>(&self, name: &str) -> bool {
        self.snapshot.is_unknown(&T::API.resource(name))
    }

    fn look_up<'a, T: Stored>(&'a self, name: &str, found: Option<&'a T>) -> LookUp<'a, T> {
        match found {
            Some(one) => LookUp::Found(one),
            None if self.is_unread::<T>(name) => LookUp::Unread,
            None => LookUp::Missing,
        }
    }

    /// The provider with this client id.
    pub(crate) fn client(&self, client_id: &str) -> LookUp<'_, Provider> {
        let mut providers = self.snapshot.providers.iter();
        self.look_up(client_id, providers.find(|one| one.client_id.as_str() == client_id))
    }

    /// Slug of the application that NetBird's management uses.
    pub(crate) fn api_application(&self, settings: &NetbirdSettings) -> Option<Slug> {
        match settings.api_client_id() {
            None => Some(settings.application_slug()),
            Some(id) => {
                self.client(id).found()?.assigned_application_slug.as_deref().map(Slug::from)
            }
        }
    }

    pub(crate) fn application(&self, slug: &str) -> LookUp<'_, Application> {
        self.look_up(slug, self.snapshot.application(slug))
    }

    /// The account with exactly this name.
    pub(crate) fn account(&self, username: &str) -> LookUp<'_, User> {
        self.look_up(username, self.snapshot.user(username))
    }

    /// A user whose name differs from this one only in case.
    pub(crate) fn differently_written(&self, username: &str) -> Option<&User> {
        let lower = username.to_lowercase();
        let mut users = self.snapshot.users.iter();
        users.find(|user| user.username != username && user.username.to_lowercase() == lower)
    }

    /// The tokens of the account with this name, and when they were read.
    pub(crate) fn tokens(&self, username: &str, pk: UserId) -> Option<(Vec<&Token>, SystemTime)> {
        if self.is_unread::<Token>(username) {
            return None;
        }
        let tokens = self.snapshot.tokens.iter().filter(|token| token.user == Some(pk));
        Some((tokens.collect(), self.snapshot.taken_at?))
    }

    /// Who else may read users as this account does, by the group and the role of least privilege.
    pub(crate) fn others_with_rights(&self, account: &User) -> Vec<String> {
        let name = role_name(&account.username);
        let group = account.group(&name).map(|group| Group::API.resource(group.pk.as_str()));
        let roles = self.snapshot.roles.iter().filter(|role| role.name == name);
        let keys = group.into_iter().chain(roles.map(|role| Role::API.resource(role.pk.as_str())));
        let mut names: Vec<String> = keys
            .flat_map(|key| others(&self.snapshot, (&account.username, &name), &key, &[]))
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// The enabled bindings of an application.
    pub(crate) fn bindings(&self, application: &Application) -> Option<Vec<&PolicyBinding>> {
        if self.is_unread::<PolicyBinding>(application.slug.as_str()) {
            return None;
        }
        Some(self.snapshot.bindings_of(application).collect())
    }
}

#[cfg(test)]
mod tests;
