//! The kind of client: public, and not the connector's.

use super::{Evidence, Judgement, Requirement, fail, missing, pass, unknown_provider};
use crate::authentik::{ClientType, Provider};
use crate::integration::GuideStep;
use crate::report::CheckName;

pub(super) const REQUIREMENT: Requirement = Requirement {
    check: CheckName::Client,
    need: "NetBird's client id is that of the application's provider, a public client: the dashboard \
           and NetBird's clients have no secret. A connector's is confidential",
    guide: Some(GuideStep::Provider),
};

pub(crate) fn judge(evidence: &Evidence<'_>) -> Judgement {
    let Some(provider) = evidence.provider else { return unknown_provider() };
    let name = evidence.show(&provider.name);
    let is_for_connector = evidence.needs.is_connector();
    if is_for_connector && provider.is_netbird() {
        return fail(
            format!(
                "the provider \"{name}\" is the client of a standalone NetBird, not the connector of \
                 NetBird's embedded identity provider"
            ),
            "Leave it to the standalone NetBird, and set another `provider_name` and \
             `application_slug` for the connector, or set `mode` to `standalone`.",
        );
    }
    if !is_for_connector && is_connector(provider) {
        return fail(
            format!(
                "the provider \"{name}\" is the connector of NetBird's embedded identity provider, not \
                 the client of a standalone NetBird"
            ),
            "Leave it to the connector, and set another `provider_name` and `application_slug` for a \
             standalone NetBird, or set `mode` to `connector`.",
        );
    }
    let (wanted, problem, hint) = if is_for_connector {
        (
            ClientType::Confidential,
            "is a public client, but NetBird logs in with a secret",
            "Set its Client type to Confidential, or apply a plan.",
        )
    } else {
        (
            ClientType::Public,
            "is a confidential client",
            "Set its Client type to Public, or apply a plan: NetBird's dashboard and clients have no secret.",
        )
    };
    match &provider.client_type {
        Some(kind) if *kind == wanted => {
            pass(format!("the provider \"{name}\" is a {wanted} client"))
        }
        Some(_) => fail(format!("the provider \"{name}\" {problem}"), hint),
        None => missing("the client type"),
    }
}

/// Whether a provider is the connector of NetBird's embedded identity provider: logins lead to its
/// callback, and none to NetBird's client on a user's machine.
pub(crate) fn is_connector(provider: &Provider) -> bool {
    let uris = provider.redirect_uris.iter().filter(|uri| uri.is_for_authorization());
    let mut paths = uris.map(|uri| uri.url.replace('\\', ""));
    !provider.is_netbird()
        && paths.any(|uri| uri.trim_end_matches('$').ends_with("/oauth2/callback"))
}
