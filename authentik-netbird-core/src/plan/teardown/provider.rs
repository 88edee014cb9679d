//! The OAuth2 provider.

use super::super::change::FieldChange;
use super::super::planner::{About, Planner};
use super::super::provider::foreign_hosts;
use super::keep::delete;
use crate::authentik::{Provider, ProviderId};
use crate::integration::GuideStep;
use crate::requirements::client::is_connector;
use crate::resource::Object;

pub(super) const ID: &str = "provider";

/// The provider of the integration's name, and why it has to be kept.
pub(super) struct Examined<'s> {
    pub(super) found: Option<&'s Provider>,
    pub(super) kept: Vec<String>,
}

impl Examined<'_> {
    /// Whether this is the provider that is deleted.
    pub(super) fn is_deleted(&self, id: ProviderId) -> bool {
        self.kept.is_empty() && self.found.is_some_and(|found| found.pk == id)
    }
}

/// Looks for the provider, and for what it belongs to.
pub(super) fn examine<'s>(planner: &mut Planner<'s>) -> Examined<'s> {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    let found = planner.find::<Provider>(&desired.provider.name).one();
    let mut kept = Vec::new();
    if let Some(found) = found {
        planner.name_number("provider", &found.pk, &found.name);
        planner.existing.client_id = Some(found.client_id.clone());
        let domain = &desired.integration.domain;
        let foreign = foreign_hosts(found, domain);
        if !foreign.is_empty() {
            kept.push(format!("its redirect URIs lead to {}, not to {domain}", foreign.join(", ")));
        }
        let is_of_connector = desired.connector.is_some();
        if is_connector(found) && !is_of_connector {
            let why = "it is the connector of NetBird's embedded identity provider; to remove it set \
                       `mode` to `connector`";
            kept.push(why.to_owned());
        }
        if is_of_connector && found.is_netbird() {
            let why =
                "it is the client of a standalone NetBird; to remove it set `mode` to `standalone`";
            kept.push(why.to_owned());
        }
        let serves = found.assigned_application_slug.as_deref();
        if let Some(slug) = serves.filter(|slug| *slug != desired.application.slug.as_str()) {
            kept.push(format!("it serves the application \"{slug}\""));
        }
        let trusts = |other: &&Provider| other.jwt_federation_providers.contains(&found.pk);
        let trusting = snapshot.providers.iter().filter(trusts);
        kept.extend(
            trusting.map(|other| format!("the provider \"{}\" accepts its tokens", other.name)),
        );
    }
    Examined { found, kept }
}

/// Plans its deletion, after the application's.
pub(super) fn plan(
    planner: &mut Planner<'_>,
    provider: &Examined<'_>,
    application_is_deleted: bool,
) {
    let Some(found) = provider.found else { return };
    let about = About::new(ID, Provider::API.resource(&found.name), GuideStep::Provider);
    let first = super::application::ID;
    let after = application_is_deleted.then(|| first.into()).into_iter().collect();
    let changes = vec![
        FieldChange::removed("client_id", &found.client_id),
        FieldChange::removed("redirect_uris", &found.redirect_uris),
    ];
    let reason = "NetBird users will no longer log in through it";
    let write = Provider::API.delete(&found.pk);
    delete(planner, (about, &provider.kept), reason, after, changes, write);
}
