//! The application.

use super::super::change::FieldChange;
use super::super::planner::{About, Planner};
use super::keep::{keep, unknown_uses};
use super::provider::Examined;
use crate::authentik::{Application, UsedBy};
use crate::integration::GuideStep;
use crate::resource::{Object, same_url};

pub(super) const ID: &str = "application";

/// The decision about the application.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PlannedApplication {
    Absent,
    Deleted,
    Kept,
}

pub(super) fn plan(planner: &mut Planner<'_>, provider: &Examined<'_>) -> PlannedApplication {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    let wanted = &desired.application;
    let resource = Application::API.resource(wanted.slug.as_str());
    let Some(found) = planner.find::<Application>(wanted.slug.as_str()).one() else {
        return PlannedApplication::Absent;
    };
    let mut uses: Vec<&UsedBy> = snapshot.used_by(&resource).iter().collect();
    uses.sort();
    let unknown = unknown_uses(snapshot, &resource);
    let about = About::new(ID, resource, GuideStep::Application);
    if let Some(why) = belongs_to(found, provider, &wanted.launch_url.value).or(unknown) {
        keep(planner, about, &[why]);
        return PlannedApplication::Kept;
    }
    let mut changes = Vec::new();
    if let Some(its) = &found.provider {
        changes.push(FieldChange::removed("provider", its));
    }
    for (path, app, model_name) in SHOWN {
        let names = uses.iter().filter(|one| one.is(app, model_name)).map(|one| &one.name);
        let names: Vec<&String> = names.collect();
        if !names.is_empty() {
            changes.push(FieldChange::removed(path, &names));
        }
    }
    let reason = "it is NetBird's tile and issuer; its bindings are deleted with it";
    let write = Application::API.delete(&wanted.slug);
    // NetBird's identity provider goes first.
    let after = planner.changes(&[super::super::connector::ID]);
    planner.operation(about, reason, after, changes, Some(write));
    PlannedApplication::Deleted
}

/// The objects that are deleted with the application, or lose it: field, app and model.
const SHOWN: [(&str, &str, &str); 3] = [
    ("bindings", "authentik_policies", "policybinding"),
    ("entitlements", "authentik_core", "applicationentitlement"),
    ("default_application of", "authentik_brands", "brand"),
];

/// The owner, if it is not this integration.
fn belongs_to(found: &Application, provider: &Examined<'_>, launch_url: &str) -> Option<String> {
    let Some(its) = found.provider else {
        // Someone deleted the provider already; then its launch URL shows whose it was.
        let ours = same_url((&found.meta_launch_url, launch_url));
        return (!ours).then(|| format!("it has no provider, and does not lead to {launch_url}"));
    };
    if provider.is_deleted(its) {
        return None;
    }
    let name = found.provider_name.clone().unwrap_or_else(|| format!("pk {its}"));
    Some(if provider.found.is_some_and(|found| found.pk == its) {
        format!("its provider \"{name}\" is kept")
    } else {
        format!("it has the provider \"{name}\"")
    })
}
