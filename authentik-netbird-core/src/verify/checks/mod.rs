//! From evidence to checks. Pure: no clock, no IO.
//!
//! One cause fails one check: causes are judged before what follows from them, and what cannot work
//! because of a failed check is skipped instead of failing, too.

mod account;
mod api_client;
pub(crate) mod connector;
mod device;
mod engine;
mod environment;
mod evidence;
mod group_sync;
mod people;
mod provider;
mod redirects;
mod server;
mod users;

use self::connector::ConnectorEvidence;
pub(crate) use self::engine::Checks;
use self::engine::{Judge, Judgement, Results, blocked};
pub(crate) use self::evidence::Evidence;
use super::CheckName;
use crate::requirements::{encryption, grant_types, redirect_uris, scopes, signing_key, subject};
use crate::secret::Secret;

impl Checks for Evidence<'_> {
    fn checks() -> impl IntoIterator<Item = (CheckName, Judge<Self>)> {
        [
            (
                CheckName::Environment,
                (|evidence, _| environment::environment(evidence)) as Judge<Self>,
            ),
            (CheckName::Discovery, server::discovery),
            (CheckName::Issuer, server::issuer),
            (CheckName::Endpoints, server::endpoints),
            (CheckName::Clock, server::clock),
            (CheckName::Administration, server::administration),
            (CheckName::Client, provider::client),
            (CheckName::Audience, provider::audience),
            (CheckName::SigningKey, provider::signing_key),
            (CheckName::Encryption, |evidence, results| evidence.met(results, encryption::judge)),
            (CheckName::SubjectMode, |evidence, results| evidence.met(results, subject::judge)),
            (CheckName::Scopes, provider::scopes),
            (CheckName::GrantTypes, provider::grant_types),
            (CheckName::RedirectUris, redirects::redirect_uris),
            (CheckName::PromptLogin, |evidence, _| redirects::prompt_login(evidence)),
            (CheckName::DeviceAuthorization, device::authorization),
            (CheckName::DevicePage, device::page),
            (CheckName::ApiClient, api_client::api_client),
            (CheckName::ServiceAccount, account::service_account),
            (CheckName::AppPassword, account::app_password),
            (CheckName::ApplicationAccess, application_access),
            (CheckName::Token, users::token),
            (CheckName::Users, users::users),
        ]
    }

    fn blocks(&self, name: CheckName, results: &Results) -> Option<Judgement> {
        environment::blocks(self, name, results)
    }

    fn secrets(&self) -> &[&Secret] {
        &self.secrets
    }

    fn is_document_missing(&self) -> bool {
        server::is_document_missing(self)
    }
}

impl Checks for ConnectorEvidence<'_> {
    fn checks() -> impl IntoIterator<Item = (CheckName, Judge<Self>)> {
        [
            (CheckName::Discovery, connector::discovery as Judge<Self>),
            (CheckName::Issuer, connector::issuer),
            (CheckName::Administration, connector::administration),
            (CheckName::Client, connector::client),
            (CheckName::SigningKey, |evidence, _| evidence.met(signing_key::judge)),
            (CheckName::Encryption, |evidence, _| evidence.met(encryption::judge)),
            (CheckName::SubjectMode, |evidence, _| evidence.met(subject::judge)),
            (CheckName::Scopes, |evidence, _| evidence.met(scopes::judge)),
            (CheckName::GrantTypes, |evidence, _| evidence.met(grant_types::judge)),
            (CheckName::RedirectUris, |evidence, _| evidence.met(redirect_uris::judge)),
            (CheckName::Logout, connector::logout),
            (CheckName::Claims, connector::claims_of_people),
            (CheckName::ClientSecret, connector::client_secret),
            (CheckName::ApplicationAccess, connector::application_access),
            (CheckName::IdentityProvider, connector::identity_provider),
            (CheckName::GroupSync, |evidence, _| group_sync::group_sync(evidence)),
            (CheckName::UserApproval, connector::user_approval),
        ]
    }

    /// Without a provider there is one failure, not ten.
    fn blocks(&self, name: CheckName, results: &Results) -> Option<Judgement> {
        let is_of_provider = !matches!(
            name,
            CheckName::Discovery
                | CheckName::Issuer
                | CheckName::Administration
                | CheckName::Client
                | CheckName::IdentityProvider
                | CheckName::GroupSync
                | CheckName::UserApproval
        );
        let is_missing = results.failed(CheckName::Client) && self.provider().is_none();
        (is_missing && is_of_provider).then(|| blocked(CheckName::Client))
    }

    fn secrets(&self) -> &[&Secret] {
        &self.secrets
    }

    fn is_document_missing(&self) -> bool {
        connector::is_document_missing(self)
    }
}

/// Whether the application's bindings allow NetBird's account, and anyone else.
fn application_access(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    let access = account::application_access(evidence, results);
    let nobody = || {
        let administration = evidence.responses.administration.as_ref()?;
        let slug = evidence.settings.application_slug();
        let application = administration.application(slug.as_str()).found()?;
        let username = evidence.settings.account.as_ref().map(|account| account.username.as_str());
        let account = username.and_then(|username| administration.account(username).found());
        people::nobody(&administration.snapshot, application, account)
    };
    if access.hint.is_some() { access } else { nobody().unwrap_or(access) }
}

#[cfg(test)]
mod tests;
