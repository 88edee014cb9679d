//! [`Evidence`]: what the checks of the standalone mode are judged on.

use url::Url;

use super::engine::{Judgement, Results, unknown};
use crate::error::Result;
use crate::integration::NetbirdIntegration;
use crate::secret::Secret;
use crate::verify::CheckName;
use crate::verify::responses::{Document, Responses, TokenResponse};
use crate::verify::settings::NetbirdSettings;

/// Why an administrator's token may not show something.
const CAUSES: [CheckName; 4] =
    [CheckName::Administration, CheckName::Discovery, CheckName::Environment, CheckName::Client];

/// All that checks are judged on.
pub(crate) struct Evidence<'a> {
    pub(crate) settings: &'a NetbirdSettings,
    pub(crate) responses: &'a Responses,
    /// The integration; `None` for a `setup.env` alone.
    pub(crate) integration: Option<&'a NetbirdIntegration>,
    /// Where the administrator's token belongs to; `None`: without one.
    pub(crate) administrator: Option<&'a Url>,
    /// The secrets that no text may contain.
    pub(crate) secrets: Vec<&'a Secret>,
}

impl<'a> Evidence<'a> {
    /// The discovery document, if it is as it should be.
    pub(super) fn document(&self, results: &Results) -> Option<&'a Document> {
        let is_right = results.blocked_by(&[CheckName::Discovery]).is_none();
        self.responses.discovery.as_ref().ok().filter(|_| is_right)
    }

    /// Whether management reads users with the client of people's browsers: then its token request shows
    /// something about that client.
    pub(super) fn shares_client(&self) -> bool {
        let account = self.settings.account.as_ref();
        account.is_none_or(|account| account.client_id == self.settings.client_id)
    }

    /// The result of the token request for the client of people's browsers.
    pub(super) fn login_token(&self) -> Option<&'a Result<TokenResponse>> {
        self.responses.token.as_ref().filter(|_| self.shares_client())
    }

    /// Whether authentik gave NetBird a token: then client, account, app password and access are
    /// right.
    pub(super) fn has_token(&self) -> bool {
        matches!(self.responses.token, Some(Ok(TokenResponse::Issued(_))))
    }

    /// Whether the administrator's token shows the tokens of other users.
    pub(super) fn sees_all_tokens(&self) -> bool {
        let administration = self.responses.administration.as_ref();
        let caller = administration.and_then(|seen| seen.snapshot.caller.as_ref());
        caller.is_some_and(|caller| caller.is_superuser)
    }

    /// OAuth2's error code in the response to the token request.
    pub(super) fn token_refusal(&self) -> Option<&str> {
        match &self.responses.token {
            Some(Ok(TokenResponse::Refused(code))) => Some(code),
            _ => None,
        }
    }

    /// For what an administrator's token did not show: without one it is needed, with one it has another cause.
    pub(super) fn not_shown(&self, results: &Results) -> Judgement {
        let is_given = self.responses.administration.is_some();
        is_given.then(|| results.blocked_by(&CAUSES)).flatten().unwrap_or_else(|| {
            unknown(
                "cannot be checked without an administrator's token",
                "Verify with an administrator's token.",
            )
        })
    }
}
