//! The separate client of NetBird's management: its application, and then its provider.

use super::super::api_client::{APPLICATION, PROVIDER};
use super::super::api_client_choice::existing;
use super::super::change::FieldChange;
use super::super::planner::{About, Planner};
use super::keep::{delete, unknown_uses};
use crate::authentik::{Application, Provider};
use crate::ids::OperationId;
use crate::integration::GuideStep;
use crate::resource::Object;

const REASON: &str = "NetBird's management no longer reads users with it";

/// Plans its deletion, and returns the operations that must come before the service account's: without a
/// binding everyone could use the application.
pub(super) fn plan(planner: &mut Planner<'_>) -> Vec<OperationId> {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    let Some(wanted) = &desired.api_client else { return Vec::new() };
    let slug = wanted.slug.as_str();
    let provider = existing(wanted, snapshot);
    let application = planner.find::<Application>(slug).one();
    let resource = Application::API.resource(slug);
    let mut why: Vec<String> = Vec::new();
    if let Some(found) = application {
        why.extend(unknown_uses(snapshot, &resource));
        if let Some(its) = found.provider.filter(|its| provider.is_none_or(|one| one.pk != *its)) {
            let name = found.provider_name.clone().unwrap_or_else(|| format!("pk {its}"));
            why.push(format!("it has the provider \"{name}\""));
        }
        let about = About::new(APPLICATION, resource, GuideStep::Application);
        let changes = vec![FieldChange::removed("name", &found.name)];
        let write = Application::API.delete(&found.slug);
        delete(planner, (about, &why), REASON, Vec::new(), changes, write);
    }
    if let Some(found) = provider {
        planner.name_number("provider", &found.pk, &found.name);
        let about = About::new(PROVIDER, Provider::API.resource(&found.name), GuideStep::Provider);
        let serves = found.assigned_application_slug.as_deref().filter(|serves| *serves != slug);
        why.extend(serves.map(|other| format!("it serves the application \"{other}\"")));
        let changes = vec![FieldChange::removed("client_id", &found.client_id)];
        let after = planner.changes(&[APPLICATION]);
        let write = Provider::API.delete(&found.pk);
        delete(planner, (about, &why), REASON, after, changes, write);
    }
    planner.changes(&[APPLICATION])
}
