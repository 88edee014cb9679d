//! Giving the service account's app password a new value.

use rustls::crypto::CryptoProvider;
use zeroize::Zeroizing;

use super::fate::{may_have_been_done, may_still_be_done};
use crate::client::Client;
use crate::desired::DesiredState;
use crate::error::{Blocker, Error, Result};
use crate::http::{Response, now};
use crate::ids::{Resource, ResourceKind, TokenIdentifier, UserId};
use crate::integration::NetbirdIntegration;
use crate::model::{Provider, Token, Version};
use crate::outputs::Outputs;
use crate::plan::{ApplyReport, OperationState, ReportEntry, Verb, app_password};
use crate::request::{self, Request, observation};
use crate::secret::Secret;
use crate::snapshot::{Snapshot, Source};

/// What becomes of the app password's expiry.
///
/// authentik sets no later expiry than in half an hour on a token that is there, so that the two
/// choices are these. A new account's app password can have any:
/// [`app_password_expires`](crate::NetbirdIntegrationBuilder::app_password_expires).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AppPasswordExpiry {
    /// It stays as it is.
    #[default]
    Keep,
    /// It does not expire any more.
    Never,
}

/// Letters and digits: NetBird's files carry them as they are.
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// Each character is worth 5.95 bits: 357 in all.
const LENGTH: usize = 60;

impl Client {
    /// Gives the service account's app password a new value, made here, and returns it with all that
    /// NetBird needs. The old one dies at that moment: write `setup.env` and run
    /// [`CONFIGURE_COMMANDS`](crate::outputs::CONFIGURE_COMMANDS) at once, or every login
    /// fails. Two round trips; three with [`AppPasswordExpiry::Never`].
    ///
    /// # Errors
    /// [`Error::Blocked`] when provider, account or a good app password are not there: apply a
    /// plan first. [`Error::PartialApply`] when the value was not set, or when it is not known whether
    /// it was; then [`Client::outputs`] reads the present one.
    pub async fn rotate(
        &self,
        integration: &NetbirdIntegration,
        expiry: AppPasswordExpiry,
    ) -> Result<Outputs> {
        self.same_server(integration)?;
        let desired = DesiredState::from(integration);
        let snapshot = self.observe_account(&desired).await?;
        let (identifier, user) = app_password(&desired, &snapshot)?;
        let same_name = |found: &&Provider| found.name == desired.provider.name;
        let Some(provider) = snapshot.providers.iter().find(same_name) else {
            let provider = Resource::new(ResourceKind::Provider, &desired.provider.name);
            let blocker = Blocker::missing(provider, "NetBird needs it", "apply a plan first");
            return Err(Error::Blocked { blockers: vec![blocker] });
        };
        let password = generate()?;
        if expiry == AppPasswordExpiry::Never {
            self.never_expires(&identifier, user).await?;
        }
        self.set(&identifier, &password).await?;
        let mut outputs = Outputs::of(integration, provider.client_id.clone());
        if let Some(account) = &mut outputs.account {
            account.app_password = Some(password);
            account.app_password_identifier = Some(identifier);
        }
        Ok(outputs)
    }

    /// What a rotation needs to know, in one wave.
    async fn observe_account(&self, desired: &DesiredState) -> Result<Snapshot> {
        let requests = observation(desired);
        let mut snapshot = Snapshot {
            taken_at: Some(now()),
            ..Snapshot::empty(Source::Server, Version::NEWEST_KNOWN)
        };
        let Some(account) = requests.account else { return Ok(snapshot) };
        let (users, tokens, providers) = tokio::join!(
            self.read_all(&account.users),
            self.read_all(&account.tokens),
            self.read_all(&requests.providers),
        );
        (snapshot.users, snapshot.tokens, snapshot.providers) = (users?, tokens?, providers?);
        Ok(snapshot)
    }

    async fn never_expires(&self, identifier: &TokenIdentifier, user: UserId) -> Result<()> {
        let request = request::never_expires(identifier, user);
        let (error, may_be) = match self.insist(&request).await {
            Ok(answer) => match answer.decode::<Token>() {
                Ok(token) if !token.expiring => return Ok(()),
                Ok(_) => (self.not_applied(&request), false),
                Err(error) => (error, true),
            },
            Err(lost) => (lost.error, lost.may_be),
        };
        Err(failed(identifier, error, may_be.then_some(EXPIRY)))
    }

    async fn set(&self, identifier: &TokenIdentifier, password: &Secret) -> Result<()> {
        let request = request::set_key(identifier, password);
        let Lost { error, may_be, late } = match self.insist(&request).await {
            Ok(answer) if answer.is_empty() => return Ok(()),
            Ok(_) => Lost { error: self.not_applied(&request), may_be: true, late: false },
            Err(lost) => lost,
        };
        // Refused, or no answer of authentik's: what is there says more.
        let unknown = match self.password(identifier).await {
            Ok(present) if present == *password => return Ok(()),
            Ok(_) => late,
            // Refused, and not to be looked at either: a token that may do neither. Any other refusal
            // may be that of something in front, which the write had passed.
            Err(_) => may_be || error.status() != Some(403),
        };
        Err(failed(identifier, error, unknown.then_some(VALUE)))
    }

    /// Sends a write that may be sent again, until it is done or the time is up.
    async fn insist(&self, request: &Request) -> Result<Response, Lost> {
        let mut attempts = self.retry().start();
        let (mut may_be, mut late) = (false, false);
        loop {
            let refusal = match self.write(request.clone()).await {
                Ok(answer) => return Ok(answer),
                Err(refusal) => refusal,
            };
            may_be |= may_have_been_done(&refusal.error);
            late |= may_still_be_done(&refusal.error);
            if !refusal.error.is_retryable() || !attempts.next(refusal.retry_after).await {
                return Err(Lost { error: refusal.error, may_be, late });
            }
        }
    }
}

/// A write that was not done, as far as its answers say.
struct Lost {
    /// The last attempt's.
    error: Error,
    /// Whether one of the attempts may have been done all the same.
    may_be: bool,
    /// Whether one of them may be done yet, although nothing is to be seen of it.
    late: bool,
}

const VALUE: &str = "reading the outputs shows which value it has now";
const EXPIRY: &str = "it has its old value; whether it still expires, a plan shows";

/// `unknown`: what is not known of it, where something is not.
fn failed(identifier: &TokenIdentifier, error: Error, unknown: Option<&str>) -> Error {
    let message = error.message_with_sources();
    let state = match unknown {
        Some(what) => OperationState::Unknown { message: format!("{message}; {what}") },
        None => OperationState::Failed { message },
    };
    let entry = ReportEntry {
        operation: "app-password".into(),
        verb: Verb::Update,
        resource: Resource::new(ResourceKind::AppPassword, identifier.as_str()),
        state,
    };
    let report = Box::new(ApplyReport { entries: vec![entry] });
    Error::PartialApply { report, source: Box::new(error) }
}

/// A new password, from the operating system's randomness by way of the TLS library.
fn generate() -> Result<Secret> {
    let ours;
    let provider = if let Some(provider) = CryptoProvider::get_default() {
        provider.as_ref()
    } else {
        ours = rustls::crypto::ring::default_provider();
        &ours
    };
    let mut text = Zeroizing::new(String::with_capacity(LENGTH));
    let mut bytes = Zeroizing::new([0_u8; 2 * LENGTH]);
    while text.len() < LENGTH {
        provider.secure_random.fill(&mut *bytes).map_err(|_| {
            Error::invalid_client(vec![crate::issue::Issue::new(
                "randomness",
                "the operating system gives none",
                "run it where there is a source of randomness",
            )])
        })?;
        // Each character is as likely as any other: what is left over at the end of the range of a
        // byte is thrown away.
        let fair = bytes.iter().filter(|byte| **byte < 248).take(LENGTH - text.len());
        for byte in fair {
            text.push(char::from(ALPHABET[usize::from(byte % 62)]));
        }
    }
    Ok(Secret::new(std::mem::take(&mut *text)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn passwords_are_long_of_letters_and_digits_and_never_twice_the_same() {
        let made: BTreeSet<String> =
            (0..200).map(|_| generate().unwrap().expose().to_owned()).collect();
        assert_eq!(made.len(), 200);
        assert!(made.iter().all(|one| one.len() == LENGTH));
        let used: BTreeSet<u8> = made.iter().flat_map(|one| one.bytes()).collect();
        assert_eq!(used, ALPHABET.iter().copied().collect(), "each character is in use");
    }
}
