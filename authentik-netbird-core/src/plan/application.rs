//! The application.

use serde_json::{Value, json};

use super::change::FieldChange;
use super::planner::{About, Found, Planner};
use super::provider::{PlannedProvider, of_another_mode};
use super::warning::Warning;
use crate::authentik::{Application, ApplicationCreate, ApplicationId};
use crate::ids::{OperationId, Reference, Resource};
use crate::integration::GuideStep;
use crate::resource::{Object, object, value};

pub(super) const ID: &str = "application";
const RELEASE: &str = "release-provider";

/// Plans the application; without a provider only its own blockers are recorded.
pub(super) fn plan(
    planner: &mut Planner<'_>,
    provider: Option<PlannedProvider>,
) -> Option<Reference<ApplicationId>> {
    let desired = planner.desired;
    let wanted = &desired.application;
    let resource = Application::API.resource(wanted.slug.as_str());
    let found = planner.find::<Application>(wanted.slug.as_str());
    if let Some(found) = found.one() {
        belongs(planner, &resource, found, provider.as_ref());
    }
    let provider = provider?;
    let mut after: Vec<OperationId> = Vec::new();
    if let Some(other) = provider.serves {
        release(planner, &other);
        after.push(RELEASE.into());
    }
    let about = About::new(ID, resource, GuideStep::Application);
    match found {
        Found::Many => None,
        Found::None => {
            let reason = "it gives the provider its issuer and its tile";
            let body = ApplicationCreate {
                name: wanted.name.value.clone(),
                slug: wanted.slug.clone(),
                provider: provider.id,
                meta_launch_url: wanted.launch_url.value.clone(),
                group: wanted.group.clone(),
            };
            planner.create(about, reason, after, Application::API.create(&body));
            Some(Reference::pending(ID))
        }
        Found::One(found) => {
            if found.provider.is_none() {
                warn_of_what_stays(planner, found);
            }
            let id = planner.reference(&found.pk, wanted.slug.as_str());
            let mut fields = object(&json!({ "provider": provider.id }));
            for (field, setting) in
                [("name", &wanted.name), ("meta_launch_url", &wanted.launch_url)]
            {
                if setting.is_asked {
                    fields.insert(field.to_owned(), value(&setting.value));
                }
            }
            fields.extend(wanted.group.iter().map(|group| ("group".to_owned(), value(group))));
            let reason = if found.provider.is_none() {
                "it has no provider, so there is nothing to log in to"
            } else {
                "it differs from what was asked for"
            };
            let write = (Application::API, &wanted.slug, fields);
            planner.update(about, reason, after, found, write);
            Some(id)
        }
    }
}

/// Warns of an application that somebody else may have created: by a name that proves nothing, it gets our provider.
fn warn_of_what_stays(planner: &mut Planner<'_>, found: &Application) {
    let wanted = &planner.desired.application.launch_url;
    let bindings = planner.snapshot.bindings.iter().filter(|one| one.target == found.pk).count();
    let mut kept = Vec::new();
    if bindings > 0 {
        kept.push(format!("its bindings ({bindings}), which decide who may log in"));
    }
    if !wanted.is_asked
        && !found.meta_launch_url.is_empty()
        && found.meta_launch_url != wanted.value
    {
        kept.push(format!("its launch URL, {}", found.meta_launch_url));
    }
    if kept.is_empty() {
        kept.push("its other settings".to_owned());
    }
    let kept = kept.join(", and ");
    planner.warnings.push(Warning::application_without_provider(found.slug.as_str(), &kept));
}

/// Records a conflict when the slug's application has another provider.
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
        // The provider could not be planned: compare its name, so as not to report a conflict that
        // there is not.
        None => name == planner.desired.provider.name,
    };
    let is_connector = planner.desired.connector.is_some();
    let other = planner.snapshot.providers.iter().find(|one| one.pk == its);
    let other = other.filter(|_| !same).and_then(|one| of_another_mode(one, is_connector));
    if let Some((what, hint)) = other {
        // Not even with `adopt`: all logins through it would end.
        planner.block(resource.clone(), format!("its provider \"{name}\" is {what}"), hint);
    } else if !same {
        let why = format!("it has the provider \"{name}\"");
        // Made by hand, a provider has the name that authentik proposes.
        let hint = format!(
            "Set `provider_name` to \"{name}\" if that is this NetBird's, else set another \
             `application_slug`"
        );
        planner.conflict(resource, why, &hint);
    }
}

fn release(planner: &mut Planner<'_>, other: &str) {
    let about = About::new(RELEASE, Application::API.resource(other), GuideStep::Application);
    let changes = vec![FieldChange::emptied("provider", &planner.desired.provider.name)];
    let write = Application::API.update(&other, object(&json!({"provider": Value::Null})));
    let reason = "a provider serves one application: this one releases it, as `adopt` asks";
    planner.operation(about, reason, Vec::new(), changes, Some(write));
}
