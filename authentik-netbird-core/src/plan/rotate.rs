//! Planning a rotation: another value for the service account's app password.

use crate::ids::text_enum;

use super::account::{PASSWORD, best_app_password, refuse_type, warn_of_expiry};
use super::api_client_choice::existing;
use super::change::FieldChange;
use super::desired::DesiredState;
use super::plan::{Plan, Purpose};
use super::planner::{About, Planner};
use super::provider::belongs;
use super::warning::Warning;
use super::{other_tokens, own_account, rotate_secret, shared_account};
use crate::authentik::reads::Goal;
use crate::authentik::{Provider, Snapshot, Token, User, never_expires, set_key};
use crate::error::Result;
use crate::integration::GuideStep;
use crate::resource::Object;

const FIRST: &str = "Apply a plan first.";

/// The operation that makes the app password never expire.
pub(super) const EXPIRY: &str = "app-password-expiry";

text_enum! {
    /// The expiry of the app password after a rotation.
    ///
    /// authentik sets no later expiry than in half an hour on an existing token, so these are the two
    /// choices. A new account's app password can have any:
    /// [`app_password_expires`](crate::NetbirdIntegrationBuilder::app_password_expires).
    #[derive(Default)]
    AppPasswordExpiry {
        /// It stays as it is.
        #[default]
        Keep = "keep",
        /// It never expires.
        Never = "never",
    }
}

/// Plans a rotation: another value, generated when the plan is applied.
///
/// # Errors
/// [`Error::Blocked`](crate::Error::Blocked) when provider, account or a valid app password do not
/// exist: apply a set-up plan first.
pub fn plan_rotate(
    desired: &DesiredState,
    snapshot: &Snapshot,
    expiry: AppPasswordExpiry,
) -> Result<Plan> {
    if desired.connector.is_some() {
        return rotate_secret::plan(desired, snapshot);
    }
    let mut planner = Planner::new(desired, snapshot, Purpose::Rotate);
    let provider = snapshot.providers.iter().find(|found| found.name == desired.provider.name);
    planner.existing.client_id = provider.map(|found| found.client_id.clone());
    let api_client = desired.api_client.as_ref();
    let api_client = api_client.and_then(|client| existing(client, snapshot));
    planner.existing.api_client_id = api_client.map(|found| found.client_id.clone());
    let resource = Provider::API.resource(&desired.provider.name);
    match provider {
        // A mistyped name must not end another NetBird's logins.
        Some(found) => drop(belongs(&mut planner, &resource, found)),
        None => planner.missing(resource, "NetBird needs it", FIRST),
    }
    let account = Token::API.resource(&desired.account_name);
    let Some(wanted) = &desired.service_account else {
        planner.missing(
            account,
            "the integration has no service account",
            "Set `service_account` to its rights.",
        );
        return planner.finish();
    };
    let Some(user) = snapshot.user(&wanted.username) else {
        planner.missing(User::API.resource(&wanted.username), "NetBird needs it", FIRST);
        return planner.finish();
    };
    let Some(token) = best_app_password(snapshot, user) else {
        planner.missing(account, "the account has no app password that is still valid", FIRST);
        return planner.finish();
    };
    // A person's password and tokens are not ours to replace.
    if user.is_of_another_type() && !refuse_type(&mut planner, user) {
        return planner.finish();
    }
    if !user.is_active {
        let resource = User::API.resource(&user.username);
        planner.block(
            resource,
            "it is deactivated, so every login fails whatever its app password is",
            FIRST,
        );
    }
    // setup.env would name an account that somebody else may have created, and NetBird's own goes by another name.
    if user.has_no_rights() {
        let why = "it has no rights, so it is not the one that NetBird reads users with";
        let resource = User::API.resource(&user.username);
        planner.conflict(&resource, why, "Set `service_account_name` to NetBird's account");
    }
    if provider.is_some() {
        shared_account::check(&mut planner, &user.username);
    }
    planner.name_number("user", &user.pk, &user.username);
    let resource = Token::API.resource(token.identifier.as_str());
    let about = |id: &str| About::new(id, resource.clone(), GuideStep::ServiceAccount);
    // authentik saves a token as a whole: two writes at once could bring the old value back.
    match expiry {
        AppPasswordExpiry::Keep => warn_of_expiry(&mut planner, token),
        AppPasswordExpiry::Never if !token.expiring => {
            planner.unchanged(about(EXPIRY), "it does not expire");
        }
        AppPasswordExpiry::Never => {
            let before = token.expires.as_deref().unwrap_or_default();
            let changes = vec![FieldChange::emptied("expires", before)];
            let write = never_expires(&token.identifier, user.pk);
            planner.operation(
                about(EXPIRY),
                "so that it never expires",
                Vec::new(),
                changes,
                Some(write),
            );
        }
    }
    planner.warnings.push(Warning::rotation());
    other_tokens::plan(&mut planner, user, Some(token), &[]);
    planner.existing.app_password = Some(token.identifier.clone());
    let changes = vec![FieldChange::new_secret("key")];
    let after = planner.changes(&[EXPIRY]);
    let reason = "it gets a new value, generated when this is applied; the old one stops working";
    planner.operation(about(PASSWORD), reason, after, changes, Some(set_key(&token.identifier)));
    own_account::check(&mut planner);
    planner.finish()
}

impl Plan {
    /// The expiry of the app password after a rotation.
    pub(crate) fn expiry(&self) -> AppPasswordExpiry {
        let has_expiry = self.operations.iter().any(|operation| operation.id.as_str() == EXPIRY);
        if has_expiry { AppPasswordExpiry::Never } else { AppPasswordExpiry::Keep }
    }
}

pub(crate) fn goal(desired: &DesiredState) -> Goal {
    if desired.connector.is_some() {
        return Goal::RotateSecret { provider: desired.provider.name.clone() };
    }
    Goal::Rotate { username: desired.account_name.clone() }
}
