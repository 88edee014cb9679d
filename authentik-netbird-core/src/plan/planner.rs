//! The planner: goes through the resources in order and collects operations, blockers, warnings.

use std::collections::BTreeMap;
use std::fmt;

use super::{Existing, Fingerprint, Operation, Plan, Purpose, Server, Warning, Write, json};
use super::{FieldChange, access, account, application, device_flow, preflight, provider, rights};
use crate::desired::DesiredState;
use crate::error::{Blocker, Error, Result};
use crate::ids::{OperationId, Reference, Resource, ResourceKind};
#[cfg(feature = "client")]
use crate::ids::{TokenIdentifier, UserId};
use crate::integration::{GuideStep, Mode};
use crate::model::Version;
use crate::snapshot::{Snapshot, Source};

/// Plans, or says everything that is in the way.
pub(super) fn run(desired: &DesiredState, snapshot: &Snapshot) -> Result<Plan> {
    let mut planner = Planner::new(desired, snapshot, Purpose::SetUp);
    if planner.blockers.is_empty() {
        let wanted = desired.service_account.as_ref();
        let provider = provider::plan(&mut planner);
        let account = wanted.and_then(|wanted| account::plan(&mut planner, wanted));
        let role = wanted.and_then(|wanted| rights::plan_role(&mut planner, wanted));
        let flow = device_flow::plan_flow(&mut planner);
        let application = application::plan(&mut planner, provider);
        if let Some(wanted) = wanted {
            rights::plan_membership(&mut planner, wanted, account.clone(), role);
        }
        device_flow::plan_brand(&mut planner, flow);
        access::plan(&mut planner, application.as_ref(), account);
        if wanted.is_none() {
            account::tell_of_left(&mut planner);
        }
    }
    planner.finish()
}

/// The account's app password, and whose it is.
///
/// # Errors
/// [`Error::Blocked`] when there is no account, or none that is still good.
#[cfg(feature = "client")]
pub(crate) fn app_password(
    desired: &DesiredState,
    snapshot: &Snapshot,
) -> Result<(TokenIdentifier, UserId)> {
    let mut planner = Planner::new(desired, snapshot, Purpose::SetUp);
    let Mode::Standalone(standalone) = desired.integration.mode();
    let account = standalone.service_account_name();
    let missing = |why: &str, hint: &str| {
        Err(Error::Blocked {
            blockers: vec![Blocker::missing(
                Resource::new(ResourceKind::AppPassword, account),
                why,
                hint,
            )],
        })
    };
    let Some(wanted) = &desired.service_account else {
        return missing("the integration has no service account", "ask for other rights");
    };
    let user = account::plan(&mut planner, wanted).and_then(|user| user.known().copied());
    if !planner.blockers.is_empty() {
        return Err(Error::Blocked { blockers: planner.blockers });
    }
    match (planner.existing.app_password, user) {
        (Some(identifier), Some(user)) => Ok((identifier, user)),
        _ => missing("the account has none that is still good", "apply a plan first"),
    }
}

pub(super) struct Planner<'a> {
    pub(super) desired: &'a DesiredState,
    pub(super) snapshot: &'a Snapshot,
    purpose: Purpose,
    operations: Vec<Operation>,
    pub(super) blockers: Vec<Blocker>,
    pub(super) warnings: Vec<Warning>,
    pub(super) existing: Existing,
    names: BTreeMap<String, String>,
    pub(super) fingerprint: Fingerprint,
}

/// An operation in the making: what every kind has in common.
pub(super) struct Draft {
    pub(super) id: &'static str,
    pub(super) resource: Resource,
    pub(super) reason: String,
    pub(super) guide: GuideStep,
    pub(super) waits_for: Vec<OperationId>,
    pub(super) changes: Vec<FieldChange>,
}

impl<'a> Planner<'a> {
    /// A planner that has looked at the server's version, and notes a problem when it is too old.
    pub(super) fn new(desired: &'a DesiredState, snapshot: &'a Snapshot, purpose: Purpose) -> Self {
        let mut planner = Self {
            desired,
            snapshot,
            purpose,
            operations: Vec::with_capacity(8),
            blockers: Vec::new(),
            warnings: Vec::new(),
            existing: Existing::default(),
            names: BTreeMap::new(),
            fingerprint: Fingerprint::default(),
        };
        planner.server();
        planner
    }

    /// The plan, or everything that is in the way.
    pub(super) fn finish(mut self) -> Result<Plan> {
        let missing_permissions =
            preflight::missing_permissions(self.snapshot, &self.operations, &mut self.warnings);
        if !self.blockers.is_empty() {
            return Err(Error::Blocked { blockers: self.blockers });
        }
        Ok(Plan {
            format_version: json::FORMAT_VERSION,
            purpose: self.purpose,
            integration: self.desired.integration.clone(),
            server_version: self.snapshot.version,
            offline: self.snapshot.source == Source::FactoryFresh,
            operations: self.operations,
            warnings: self.warnings,
            existing: self.existing,
            names: self.names,
            fingerprint: self.fingerprint,
            missing_permissions,
            observed: None,
        })
    }
}

impl Planner<'_> {
    fn server(&mut self) {
        let version = self.snapshot.version;
        if version < Version::OLDEST {
            self.blockers.push(Blocker::unsupported_version(version));
        }
        if version.is_newer_than_known() {
            self.warnings.push(Warning::newer_server(version));
        }
        let path = self.desired.integration.authentik_url().path();
        if path != "/" && self.purpose == Purpose::SetUp {
            self.warnings.push(Warning::subpath(path));
        }
        let server = Resource::new(ResourceKind::Server, "version");
        self.fingerprint.note(&server, Some(&version));
    }

    /// Adds an operation, with a write or, without one, as the finding that nothing is to do.
    pub(super) fn operation(&mut self, draft: Draft, write: Option<Write>) {
        self.operations.push(Operation {
            id: OperationId::from(draft.id),
            server: Server::Authentik,
            resource: draft.resource,
            reason: draft.reason,
            guide: draft.guide,
            waits_for: draft.waits_for,
            changes: draft.changes,
            write,
            changed_by: None,
        });
    }

    /// The same, for operations that there may be any number of.
    pub(super) fn numbered(&mut self, id: &str, draft: Draft, write: Option<Write>) {
        self.operation(draft, write);
        if let Some(operation) = self.operations.last_mut() {
            operation.id = id.into();
        }
    }

    /// The operation of this name, if it changes something.
    pub(super) fn change(&self, id: &str) -> Option<&OperationId> {
        let is_it = |one: &&Operation| one.id.as_str() == id && one.write.is_some();
        self.operations.iter().find(is_it).map(|one| &one.id)
    }

    /// A reference to something that the snapshot has: by its id, or offline by its identity key.
    pub(super) fn reference<T>(&mut self, id: &T, key: &str) -> Reference<T>
    where
        T: Clone + fmt::Display,
    {
        match self.snapshot.source {
            Source::Server => {
                self.name(id, key);
                Reference::Known(id.clone())
            }
            Source::FactoryFresh => Reference::Named { named: key.to_owned() },
        }
    }

    /// Notes what an id is called, for the text. UUIDs stand for themselves.
    pub(super) fn name(&mut self, id: &impl fmt::Display, name: &str) {
        self.names.insert(id.to_string(), name.to_owned());
    }

    /// Notes what a number is called where it stands in this field: numbers of several kinds are
    /// in use, and 5 may be a user and a provider.
    pub(super) fn name_number(&mut self, field: &str, id: &impl fmt::Display, name: &str) {
        self.names.insert(format!("{field} {id}"), name.to_owned());
    }

    /// The one match of an identity key. None and more than one are the caller's to judge; more
    /// than one is noted as a problem here.
    pub(super) fn only<'s, T>(
        &mut self,
        resource: &Resource,
        matches: impl Iterator<Item = &'s T>,
        describe: impl Fn(&T) -> String,
    ) -> Found<'s, T> {
        let matches: Vec<&T> = matches.collect();
        match matches[..] {
            [] => Found::None,
            [one] => Found::One(one),
            _ => {
                self.blockers.push(Blocker::ambiguous(
                    resource.clone(),
                    matches.into_iter().map(describe).collect(),
                    "rename or remove all but one in authentik",
                ));
                Found::Many
            }
        }
    }

    pub(super) fn missing(&mut self, resource: Resource, why: &str, hint: impl Into<String>) {
        self.blockers.push(Blocker::missing(resource, why, hint));
    }

    /// Notes a conflict, or with `adopt` a warning. Returns whether to go on.
    pub(super) fn conflict(
        &mut self,
        resource: &Resource,
        why: impl Into<String>,
        hint: &str,
    ) -> bool {
        let why = why.into();
        if self.desired.integration.adopt() {
            self.warnings.push(Warning::adopt(&format!("{resource}, {why}")));
            return true;
        }
        self.blockers.push(Blocker::conflict(
            resource.clone(),
            why,
            format!("{hint}, or set `adopt` to take it over"),
        ));
        false
    }
}

/// What the snapshot had under an identity key.
pub(super) enum Found<'s, T> {
    None,
    One(&'s T),
    /// Noted as a problem; whoever needs it goes on without.
    Many,
}

impl<'s, T> Found<'s, T> {
    pub(super) fn one(&self) -> Option<&'s T> {
        match self {
            Self::One(one) => Some(*one),
            Self::None | Self::Many => None,
        }
    }
}
