//! The checks of the connector mode: authentik's side as the requirements have it, NetBird's side beside it.

use serde_json::Value;

use super::engine::{
    ADMINISTRATOR, Checks, Judgement, LOG, Results, blocked, fail, failed, hint_of, judged, pass,
    unknown, warn,
};
use super::people;
use crate::authentik::{Application, Provider, Snapshot};
use crate::error::{Error, Result};
use crate::ids::Server;
use crate::integration::{Connector, NetbirdIntegration};
use crate::netbird::{Account, IdentityProvider};
use crate::report::{CheckName, CheckStatus};
use crate::requirements::identity_provider::{self as provider_of_netbird, Match, Wanted};
use crate::requirements::{self, Needs, Probes, claims, client, exposure, federation};
use crate::resource::Object;
use crate::secret::Secret;
use crate::verify::responses::{Document, KeySet, TokenResponse};

pub(crate) struct ConnectorEvidence<'a> {
    pub(crate) integration: &'a NetbirdIntegration,
    /// authentik's issuer, as NetBird has to know it.
    pub(crate) issuer: &'a str,
    pub(crate) snapshot: &'a Snapshot,
    /// Why the rest of it could not be read.
    pub(crate) errors: &'a [Error],
    pub(crate) discovery: &'a Result<Document>,
    /// `None`: the discovery document does not say where.
    pub(crate) keys: Option<Result<KeySet>>,
    /// The response to a code that nobody issued, with the client secret; `None`: not sent.
    pub(crate) code: Option<Result<TokenResponse>>,
    /// The claims that authentik would put into a token of the token's user; `None`: not asked.
    pub(crate) preview: Option<Result<Value>>,
    /// The secrets that no text may contain.
    pub(crate) secrets: Vec<&'a Secret>,
}

impl ConnectorEvidence<'_> {
    pub(super) fn provider(&self) -> Option<&Provider> {
        self.snapshot.find(self.integration.provider_name())
    }

    fn judge(&self, judge: requirements::Judge) -> Judgement {
        let keys = self.keys.as_ref().and_then(|keys| keys.as_ref().ok());
        judge(&requirements::Evidence {
            needs: &Needs::from(self.integration),
            provider: self.provider(),
            snapshot: Some(self.snapshot),
            probes: Probes {
                key_types: keys.map(|keys| keys.types.as_slice()),
                ..Probes::default()
            },
            shown: &|text| self.shown(text),
        })
    }

    /// Whether a requirement is met, as the outcome of a check.
    pub(super) fn met(&self, judge: requirements::Judge) -> Judgement {
        judged(self.judge(judge), not_shown)
    }

    /// NetBird's account, or why it is not known.
    pub(super) fn account(&self) -> Result<&Account, Judgement> {
        if let Some(why) = &self.snapshot.netbird.unread {
            let give = "Give NetBird's URL and the token of an administrator of its account.";
            if self.snapshot.netbird.is_without_token {
                return Err(unknown("NetBird's URL and token were not given", give));
            }
            let known = self.errors.iter().find(|error| is_netbirds(error));
            let hint = known.and_then(Error::hint).unwrap_or_else(|| give.into());
            return Err(unknown(format!("NetBird could not be read ({})", self.shown(why)), hint));
        }
        self.snapshot.netbird.account().ok_or_else(|| {
            unknown(
                "NetBird shows no account",
                "Use the token of an owner or administrator of NetBird's account.",
            )
        })
    }

    /// NetBird's identity provider of this authentik, or why there is none.
    fn connector(&self) -> Result<&IdentityProvider, Judgement> {
        self.account()?;
        let name = self.integration.connector().map(Connector::identity_provider_name);
        let wanted = Wanted {
            issuer: self.issuer,
            name: name.unwrap_or_default(),
            client_id: self.provider().map(|provider| provider.client_id.as_str()),
        };
        match provider_of_netbird::find(&self.snapshot.netbird, &wanted) {
            Match::One(one) if one.issuer == self.issuer => Ok(one),
            Match::One(other) => Err(fail(
                format!(
                    "NetBird's identity provider \"{}\" has the issuer {}, expected {}",
                    self.shown(&other.name),
                    self.shown(&other.issuer),
                    self.issuer
                ),
                "Apply a plan, or correct it in NetBird under Settings > Identity Providers. Then restart \
                 NetBird.",
            )),
            Match::None => Err(fail(
                format!("NetBird has no identity provider with the issuer {}", self.issuer),
                "Apply a plan, or add it in NetBird under Settings > Identity Providers; the issuer must be \
                 exactly this, with the slash.",
            )),
            Match::Duplicates { kept, surplus, .. } => Err(fail(
                format!(
                    "NetBird has {} identity providers of this authentik: all but \"{}\" ({}) are duplicates \
                     without users",
                    1 + surplus.len(),
                    self.shown(&kept.name),
                    kept.id
                ),
                "Apply a plan, or delete the others in NetBird under Settings > Identity Providers.",
            )),
            Match::Ambiguous { matches, hint } => {
                let named: Vec<String> = matches.iter().map(|one| self.shown(one)).collect();
                let (count, named) = (matches.len(), named.join(", "));
                let of = "identity providers of this authentik";
                Err(fail(format!("NetBird has {count} {of}: {named}"), hint))
            }
        }
    }
}

fn not_shown(missing: &str) -> Judgement {
    unknown(format!("the token does not show {missing}"), ADMINISTRATOR)
}

/// See [`Checks::is_document_missing`].
pub(super) fn is_document_missing(evidence: &ConnectorEvidence<'_>) -> bool {
    let slug = evidence.integration.application_slug().as_str();
    let is_missing = evidence.discovery.as_ref().is_err_and(|error| error.status() == Some(404));
    is_missing
        && evidence.snapshot.application(slug).is_none()
        && !evidence.snapshot.is_unknown(&Application::API.resource(slug))
}

pub(super) fn discovery(evidence: &ConnectorEvidence<'_>, _: &Results) -> Judgement {
    match evidence.discovery {
        Ok(_) => pass("the application's discovery document exists"),
        Err(_) if is_document_missing(evidence) => fail(
            format!(
                "authentik has no {}, so its discovery document does not exist (404)",
                Application::API.resource(evidence.integration.application_slug().as_str())
            ),
            "Apply a plan, or set `application_slug` to the application of NetBird's connector.",
        ),
        Err(error) => failed(error),
    }
}

pub(super) fn issuer(evidence: &ConnectorEvidence<'_>, _: &Results) -> Judgement {
    match evidence.discovery {
        Ok(document) if document.issuer == evidence.issuer => {
            pass(format!("the issuer is {}", evidence.issuer))
        }
        // Every application's, without the path of one.
        Ok(Document { issuer, .. })
            if issuer.ends_with('/') && evidence.issuer.starts_with(issuer.as_str()) =>
        {
            fail(
                format!("the issuer is {}, the same for every application", evidence.shown(issuer)),
                claims::ISSUER_HINT,
            )
        }
        Ok(document) => fail(
            format!(
                "the issuer is {}, expected {}",
                evidence.shown(&document.issuer),
                evidence.issuer
            ),
            "Set `public_url` to the address that NetBird and browsers use: NetBird compares the two \
             exactly.",
        ),
        Err(_) => blocked(CheckName::Discovery),
    }
}

pub(super) fn administration(evidence: &ConnectorEvidence<'_>, _: &Results) -> Judgement {
    match evidence.errors.iter().find(|error| !is_netbirds(error)) {
        None => pass("the token shows what is checked"),
        Some(error) => unknown(error.to_string(), hint_of(error)),
    }
}

/// Whether an error is about NetBird's API, or caused by a missing token of it.
fn is_netbirds(error: &Error) -> bool {
    error.request().is_some_and(|request| request.peer == Server::Netbird)
        || matches!(error, Error::InvalidClient { .. })
}

pub(super) fn client(evidence: &ConnectorEvidence<'_>, results: &Results) -> Judgement {
    let name = evidence.integration.provider_name();
    let slug = evidence.integration.application_slug();
    let Some(provider) = evidence.provider() else {
        return match results.unseen(CheckName::Administration) {
            Some(unseen) => unseen,
            None => fail(
                format!("there is no provider \"{name}\""),
                "Apply a plan, or set `provider_name` to the provider of NetBird's connector.",
            ),
        };
    };
    if provider.assigned_application_slug.as_deref() != Some(slug.as_str()) {
        if results.failed(CheckName::Discovery) {
            return blocked(CheckName::Discovery);
        }
        return fail(
            format!("the provider \"{name}\" does not serve the application \"{slug}\""),
            "Apply a plan, or set `application_slug` to the application of NetBird's connector.",
        );
    }
    for (judge, is_warning) in [
        (client::judge as requirements::Judge, false),
        (exposure::judge_secret, false),
        (federation::judge, true),
    ] {
        let judged = evidence.judge(judge);
        if judged.unmet().is_some() {
            let status = if is_warning { CheckStatus::Warn } else { CheckStatus::Fail };
            return Judgement { status, ..judged };
        }
    }
    evidence.met(client::judge)
}

pub(super) fn logout(evidence: &ConnectorEvidence<'_>, _: &Results) -> Judgement {
    let Some(provider) = evidence.provider() else { return not_shown("the provider") };
    let uri = format!("https://{}{}", evidence.integration.domain(), requirements::LOGOUT_CALLBACK);
    let has_types = provider.grant_types.is_some();
    let is_it = |entry: &crate::authentik::RedirectUriEntry| {
        entry.url == uri && (!has_types || !entry.is_for_authorization())
    };
    if provider.redirect_uris.iter().any(is_it) {
        return pass("a logout leads back to NetBird");
    }
    warn(
        format!("the provider does not allow {uri}, so a logout ends on a page of authentik"),
        "Add it to the provider as a strict redirect URI, of the type logout where authentik has types.",
    )
}

/// The claims that NetBird requires of every token.
pub(super) fn claims_of_people(evidence: &ConnectorEvidence<'_>, _: &Results) -> Judgement {
    if let Some((message, hint)) = evidence.judge(claims::judge).concern() {
        return fail(format!("{message}, so logins fail with \"missing name claim\""), hint);
    }
    let preview = match &evidence.preview {
        None => return not_shown("what a token would contain"),
        Some(Err(error)) => {
            return unknown(error.to_string(), hint_of(error));
        }
        Some(Ok(preview)) => preview,
    };
    let missing = ["name", "email"].into_iter().find(|claim| preview.get(claim).is_none());
    if let Some(claim) = missing {
        return fail(
            format!("tokens have no claim {claim}, so logins fail with \"missing {claim} claim\""),
            "Add authentik's default scope mappings for profile and email to the provider, or apply a plan.",
        );
    }
    pass("tokens have the claims name and email")
}

pub(super) fn client_secret(evidence: &ConnectorEvidence<'_>, results: &Results) -> Judgement {
    match &evidence.code {
        None if results.failed(CheckName::Discovery) => blocked(CheckName::Discovery),
        None => not_shown("the client secret"),
        Some(Err(error)) => failed(error),
        // authentik judges the grant type first, then the secret, and says the same of a redirect URI.
        Some(Ok(TokenResponse::Refused(_))) if results.failed(CheckName::GrantTypes) => {
            blocked(CheckName::GrantTypes)
        }
        Some(Ok(TokenResponse::Refused(code)))
            if code == "invalid_client" && results.failed(CheckName::RedirectUris) =>
        {
            blocked(CheckName::RedirectUris)
        }
        Some(Ok(TokenResponse::Refused(code))) if code == "invalid_client" => fail(
            "authentik refuses the client secret (invalid_client)",
            "Apply a plan with `send_secret`, or enter the provider's Client Secret in NetBird. Then restart \
             NetBird.",
        ),
        Some(Ok(TokenResponse::Refused(code))) if code == "invalid_grant" => pass(
            "authentik accepts the client secret; NetBird does not show whether it has the same",
        ),
        Some(Ok(TokenResponse::Refused(code))) => {
            unknown(format!("authentik refused a test code with {}", evidence.shown(code)), LOG)
        }
        Some(Ok(TokenResponse::Issued(_))) => {
            fail("authentik issued a token for a code that nobody has", LOG)
        }
    }
}

/// Whether the application's bindings let anyone log in: there is no account of NetBird's that they have to allow.
pub(super) fn application_access(evidence: &ConnectorEvidence<'_>, _: &Results) -> Judgement {
    let slug = evidence.integration.application_slug().as_str();
    let Some(application) = evidence.snapshot.application(slug) else {
        return not_shown("the application");
    };
    if !evidence.snapshot.shows_bindings(application) {
        return not_shown("the application's bindings");
    }
    let nobody = people::nobody(evidence.snapshot, application, None);
    nobody.unwrap_or_else(|| pass("the application's bindings do not keep everyone out"))
}

pub(super) fn identity_provider(evidence: &ConnectorEvidence<'_>, _: &Results) -> Judgement {
    let account = match evidence.account() {
        Ok(account) => account,
        Err(outcome) => return outcome,
    };
    if !account.has_embedded_provider() {
        return fail(
            "this NetBird does not use its embedded identity provider, so it has no connectors",
            "Set `mode` to `standalone`.",
        );
    }
    if account.domain.is_empty() {
        return fail(
            "NetBird's account has no domain, so everyone who logs in through authentik becomes the owner of a \
             separate account",
            "Set NetBird up again, with an empty data directory and without `create_pat`.",
        );
    }
    let found = match evidence.connector() {
        Ok(found) => found,
        Err(outcome) => return outcome,
    };
    match evidence.provider() {
        Some(provider) if provider.client_id.as_str() != found.client_id => fail(
            format!(
                "NetBird's identity provider \"{}\" has the client id {}, authentik's provider {}",
                evidence.shown(&found.name),
                evidence.shown(&found.client_id),
                provider.client_id
            ),
            "Apply a plan, or correct it in NetBird under Settings > Identity Providers. Then restart \
             NetBird.",
        ),
        Some(_) => pass(format!(
            "NetBird's identity provider \"{}\" has authentik's issuer and client id",
            evidence.shown(&found.name)
        )),
        None => not_shown("the provider"),
    }
}

pub(super) fn user_approval(evidence: &ConnectorEvidence<'_>, _: &Results) -> Judgement {
    match evidence.account() {
        Ok(account) if account.is_on("extra.user_approval_required") => pass(
            "people who log in for the first time see \"user is pending approval\" until an administrator \
             approves them in NetBird under Team > Users",
        ),
        Ok(_) => pass("everyone who can log in to authentik for it has access"),
        Err(outcome) => outcome,
    }
}
