//! The application.

use super::Write;
use super::change::{Diff, FieldChange, created};
use super::planner::{Draft, Found, Planner};
use super::provider::PlannedProvider;
use crate::desired::DesiredApplication;
use crate::ids::{ApplicationId, OperationId, ProviderId, Reference, Resource, ResourceKind, Slug};
use crate::integration::GuideStep;
use crate::model::{Application, ApplicationCreate, ApplicationPatch, ApplicationRelease, Null};

const ID: &str = "application";
const RELEASE: &str = "release-provider";

/// Plans the application; does nothing when the provider has a problem already, apart from noting
/// the application's own.
pub(super) fn plan(
    planner: &mut Planner<'_>,
    provider: Option<PlannedProvider>,
) -> Option<Reference<ApplicationId>> {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    let wanted = &desired.application;
    let resource = Resource::new(ResourceKind::Application, wanted.slug.as_str());
    let same_slug = snapshot.applications.iter().filter(|found| found.slug == wanted.slug);
    let found =
        planner.only(&resource, same_slug, |found| format!("{} ({})", found.name, found.pk));
    planner.fingerprint.note(&resource, found.one());
    if let Some(found) = found.one() {
        belongs(planner, &resource, found, provider.as_ref());
    }
    let provider = provider?;
    let mut waits_for: Vec<OperationId> = provider.id.made_by().cloned().into_iter().collect();
    if let Some(other) = provider.serves {
        release(planner, other);
        waits_for.push(RELEASE.into());
    }
    let id = match &found {
        Found::One(found) => planner.reference(&found.pk, wanted.slug.as_str()),
        _ => Reference::Made { made_by: ID.into() },
    };
    let (reason, changes, write) = match found {
        Found::Many => return None,
        Found::None => {
            let body = ApplicationCreate {
                name: wanted.name.clone(),
                slug: wanted.slug.clone(),
                provider: provider.id,
                meta_launch_url: wanted.launch_url.clone(),
                group: wanted.group.clone(),
            };
            let changes = created(&body);
            let reason = "it gives the provider its issuer and its tile";
            (reason, changes, Some(Write::CreateApplication(body)))
        }
        Found::One(found) => {
            let (body, changes) = difference(found, wanted, provider.id);
            let write = (!changes.is_empty())
                .then(|| Write::UpdateApplication { slug: wanted.slug.clone(), body });
            let reason = if write.is_some() {
                "it differs from what was asked for"
            } else {
                "it is as wanted"
            };
            (reason, changes, write)
        }
    };
    let (reason, guide) = (reason.to_owned(), GuideStep::Application);
    planner.operation(Draft { id: ID, resource, reason, guide, waits_for, changes }, write);
    Some(id)
}

/// Notes a conflict when the slug's application has another provider.
fn belongs(
    planner: &mut Planner<'_>,
    resource: &Resource,
    found: &Application,
    provider: Option<&PlannedProvider>,
) {
    let Some(its) = found.provider else { return };
    let name = found.provider_name.clone().unwrap_or_else(|| format!("pk {its}"));
    planner.name_number("provider", &its, &name);
    let same = match provider {
        Some(PlannedProvider { id: Reference::Known(ours), .. }) => *ours == its,
        Some(_) => false,
        // The provider could not be planned; go by its name, so as not to report what is not so.
        None => name == planner.desired.provider.name,
    };
    if !same {
        let why = format!("it has the provider \"{name}\"");
        // Made by hand, a provider has the name that authentik proposes.
        let hint = format!(
            "give \"{name}\" as provider_name if that is this NetBird's, else another application_slug"
        );
        planner.conflict(resource, why, &hint);
    }
}

fn release(planner: &mut Planner<'_>, other: String) {
    let draft = Draft {
        id: RELEASE,
        resource: Resource::new(ResourceKind::Application, &other),
        reason: "a provider serves one application: this one lets go of it, as `adopt` asks"
            .to_owned(),
        guide: GuideStep::Application,
        waits_for: Vec::new(),
        changes: vec![FieldChange::emptied("provider", &planner.desired.provider.name)],
    };
    let body = ApplicationRelease { provider: Some(Null) };
    planner.operation(draft, Some(Write::ReleaseProvider { slug: Slug::from(other), body }));
}

/// What has to change for `found` to be as wanted.
pub(super) fn difference(
    found: &Application,
    wanted: &DesiredApplication,
    provider: Reference<ProviderId>,
) -> (ApplicationPatch, Vec<FieldChange>) {
    let mut diff = Diff::default();
    let same_provider = found.provider.as_ref() == provider.known() && found.provider.is_some();
    let patch = ApplicationPatch {
        name: diff.field("name", &found.name, wanted.name.clone(), found.name == wanted.name),
        provider: diff.field("provider", &found.provider, provider, same_provider),
        meta_launch_url: diff.field(
            "meta_launch_url",
            &found.meta_launch_url,
            wanted.launch_url.clone(),
            same_url(&found.meta_launch_url, &wanted.launch_url),
        ),
        group: wanted.group.clone().and_then(|group| {
            let same = found.group == group;
            diff.field("group", &found.group, group, same)
        }),
    };
    (patch, diff.finish())
}

/// `https://host` and `https://host/` lead to one place.
pub(super) fn same_url(have: &str, want: &str) -> bool {
    have == want
        || url::Url::parse(have)
            .ok()
            .zip(url::Url::parse(want).ok())
            .is_some_and(|(have, want)| have == want)
}
