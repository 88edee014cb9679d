//! The application.

use super::provider::Judged;
use super::{About, TeardownSnapshot, keep, remove};
use crate::ids::{Resource, ResourceKind};
use crate::integration::GuideStep;
use crate::model::{Application, UsedBy};
use crate::plan::application::same_url;
use crate::plan::planner::Planner;
use crate::plan::{FieldChange, Write};

pub(super) const ID: &str = "application";

/// What became of the application.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PlannedApplication {
    Absent,
    Goes,
    Kept,
}

/// Plans the application's removal.
pub(super) fn plan(
    planner: &mut Planner<'_>,
    read: &TeardownSnapshot,
    provider: &Judged<'_>,
) -> PlannedApplication {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    let wanted = &desired.application;
    let resource = Resource::new(ResourceKind::Application, wanted.slug.as_str());
    let same_slug = snapshot.applications.iter().filter(|found| found.slug == wanted.slug);
    let found =
        planner.only(&resource, same_slug, |found| format!("{} ({})", found.name, found.pk)).one();
    let uses = uses(found, read);
    planner.fingerprint.note(&resource, found.map(|found| (found, &uses)).as_ref());
    let Some(found) = found else { return PlannedApplication::Absent };
    let about = About { id: ID, resource, guide: GuideStep::Application };
    if let Some(why) = belongs(found, provider, &wanted.launch_url) {
        keep(planner, about, &[why]);
        return PlannedApplication::Kept;
    }
    let mut changes = Vec::new();
    if let Some(its) = &found.provider {
        changes.push(FieldChange::gone("provider", its));
    }
    for (path, app, model_name) in SHOWN {
        let names = uses.iter().filter(|one| one.is(app, model_name)).map(|one| &one.name);
        let names: Vec<&String> = names.collect();
        if !names.is_empty() {
            changes.push(FieldChange::gone(path, &names));
        }
    }
    let reason = "it is NetBird's tile and issuer; what is bound to it goes with it";
    let write = Write::DeleteApplication { slug: wanted.slug.clone() };
    remove(planner, about, reason, Vec::new(), changes, write);
    PlannedApplication::Goes
}

/// What goes with the application, or loses it: field, app and model.
const SHOWN: [(&str, &str, &str); 3] = [
    ("bindings", "authentik_policies", "policybinding"),
    ("entitlements", "authentik_core", "applicationentitlement"),
    ("default_application of", "authentik_brands", "brand"),
];

/// What uses the application, as far as a person has to know.
fn uses<'s>(found: Option<&Application>, read: &'s TeardownSnapshot) -> Vec<&'s UsedBy> {
    let shown = |one: &&UsedBy| SHOWN.iter().any(|(_, app, model)| one.is(app, model));
    let mut uses: Vec<&UsedBy> = read.application_uses.iter().filter(shown).collect();
    uses.retain(|_| found.is_some());
    uses.sort();
    uses
}

/// Why it is not this integration's; `None` where it is.
fn belongs(found: &Application, provider: &Judged<'_>, launch_url: &str) -> Option<String> {
    let Some(its) = found.provider else {
        // Someone removed the provider already; then its launch URL says whose it was.
        let ours = same_url(&found.meta_launch_url, launch_url);
        return (!ours).then(|| format!("it has no provider, and does not lead to {launch_url}"));
    };
    if provider.goes(its) {
        return None;
    }
    let name = found.provider_name.clone().unwrap_or_else(|| format!("pk {its}"));
    Some(if provider.found.is_some_and(|found| found.pk == its) {
        format!("its provider \"{name}\" is kept")
    } else {
        format!("it has the provider \"{name}\"")
    })
}
