//! [`Planner`]: collects operations, blockers and warnings, whichever resources they are about.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::change::{FieldChange, created, diff};
use super::desired::DesiredState;
use super::operation::{Operation, Server};
use super::plan::{Existing, Freshness, Plan, Purpose};
use super::warning::Warning;
use super::{audit, json, preflight};
use crate::authentik::{Keyed, RESOURCES, Snapshot, Source, Token, Version};
use crate::error::{Blocker, Error, Result};
use crate::ids::{OperationId, Reference, Resource};
use crate::integration::{GuideStep, is_loopback};
use crate::report::Verb;
use crate::resource::{Api, Body, Object, SecretField, Write};

/// A plan in the making.
pub(super) struct Planner<'a> {
    pub(super) desired: &'a DesiredState,
    pub(super) snapshot: &'a Snapshot,
    purpose: Purpose,
    operations: Vec<Operation>,
    pub(super) blockers: Vec<Blocker>,
    pub(super) warnings: Vec<Warning>,
    pub(super) existing: Existing,
    /// Permissions for the reads that later plans depend on.
    pub(super) reads: Vec<String>,
    names: BTreeMap<String, String>,
}

/// The subject of an operation: its name, its resource, and its step in the guide.
#[derive(Clone)]
pub(super) struct About {
    pub(super) id: OperationId,
    pub(super) resource: Resource,
    pub(super) guide: GuideStep,
}

impl About {
    pub(super) fn new(id: impl Into<OperationId>, resource: Resource, guide: GuideStep) -> Self {
        Self { id: id.into(), resource, guide }
    }
}

impl<'a> Planner<'a> {
    /// A planner that has checked the server's version.
    pub(super) fn new(desired: &'a DesiredState, snapshot: &'a Snapshot, purpose: Purpose) -> Self {
        let mut planner = Self {
            desired,
            snapshot,
            purpose,
            operations: Vec::with_capacity(8),
            blockers: Vec::new(),
            warnings: Vec::new(),
            existing: Existing::default(),
            reads: Vec::new(),
            names: BTreeMap::new(),
        };
        planner.check_server();
        planner
    }

    /// The plan, or every blocker.
    pub(super) fn finish(mut self) -> Result<Plan> {
        let missing_permissions = self.missing_permissions();
        // Both of NetBird's providers may be missing the same certificate.
        let mut blockers: Vec<Blocker> = Vec::new();
        for blocker in self.blockers.drain(..) {
            if !blockers.contains(&blocker) {
                blockers.push(blocker);
            }
        }
        if !blockers.is_empty() {
            return Err(Error::Blocked { blockers });
        }
        Ok(self.plan(missing_permissions))
    }

    /// The operations so far, despite blockers.
    pub(super) fn plan(mut self, missing_permissions: Vec<String>) -> Plan {
        self.warnings.sort_by_key(|warning| !warning.kind.is_consequence());
        // Without a provider nothing was set up yet, and so nothing has drifted.
        let drifted = match self.existing.client_id {
            Some(_) => audit::drifted(&self.operations, self.snapshot),
            None => Vec::new(),
        };
        Plan {
            format_version: json::FORMAT_VERSION,
            purpose: self.purpose,
            integration: self.desired.integration.clone(),
            server_version: self.snapshot.version,
            offline: self.snapshot.source == Source::BuiltIn,
            operations: self.operations,
            warnings: self.warnings,
            existing: self.existing,
            names: self.names,
            missing_permissions,
            freshness: Freshness { read: None, drifted },
        }
    }

    /// Without `view_token` a list of tokens has the caller's own alone.
    fn missing_permissions(&mut self) -> Vec<String> {
        let account = self.desired.service_account.as_ref().map(|_| Token::API.permission("view"));
        let reads = account.into_iter().chain(self.reads.drain(..));
        preflight::missing_permissions(self.snapshot, &self.operations, reads, &mut self.warnings)
    }

    fn check_server(&mut self) {
        if let Some(version) = self.snapshot.version {
            if version < Version::MIN_SUPPORTED {
                self.blockers.push(unsupported(version));
            }
            if version.is_newer_than_tested() {
                let Version { year, month, .. } = Version::MAX_TESTED;
                self.warnings.push(Warning::newer_server(version, &format!("{year}.{month}")));
            }
        }
        let url = self.desired.integration.netbird_url();
        if url.path() != "/" && self.purpose == Purpose::SetUp {
            self.warnings.push(Warning::subpath(url.path()));
        }
        if is_loopback(&url) && self.purpose == Purpose::SetUp {
            self.warnings.push(Warning::loopback(url.as_str().trim_end_matches('/')));
        }
        if self.desired.integration.standalone().reverse_proxy() && self.purpose == Purpose::SetUp {
            self.warnings.push(Warning::reverse_proxy());
        }
    }

    /// Adds an operation; it depends on whatever creates the ids in its write, and on `after`.
    pub(super) fn operation(
        &mut self,
        about: About,
        reason: impl Into<String>,
        after: Vec<OperationId>,
        changes: Vec<FieldChange>,
        write: Option<Write>,
    ) {
        let mut depends_on = after;
        for id in write.iter().flat_map(Write::depends_on) {
            if !depends_on.contains(&id) {
                depends_on.push(id);
            }
        }
        self.operations.push(Operation {
            id: about.id,
            server: server_of(&about.resource),
            resource: about.resource,
            reason: reason.into(),
            guide: about.guide,
            depends_on,
            changes,
            write,
            changed_by: None,
        });
    }

    /// Adds the finding that nothing is to do.
    pub(super) fn unchanged(&mut self, about: About, reason: impl Into<String>) {
        self.operation(about, reason, Vec::new(), Vec::new(), None);
    }

    pub(super) fn create(
        &mut self,
        about: About,
        reason: &str,
        after: Vec<OperationId>,
        write: Write,
    ) {
        let mut changes = created(&write.body);
        match write.action.secret {
            SecretField::None | SecretField::Generated(_) => {}
            SecretField::Output(field) => {
                changes.retain(|change| change.path != field);
                changes.push(FieldChange::secret(field));
            }
            SecretField::Response(field) => changes.push(FieldChange::secret(field)),
            SecretField::Read => changes.push(FieldChange::secret("key")),
        }
        self.operation(about, reason, after, changes, Some(write));
    }

    /// Adds the change of an existing object to what is wanted, if it is different.
    pub(super) fn update(
        &mut self,
        about: About,
        reason: &str,
        after: Vec<OperationId>,
        found: &impl Serialize,
        (api, key, wanted): (&'static Api, &impl Serialize, Body),
    ) {
        let (fields, changes) = diff(api, found, wanted);
        if fields.is_empty() {
            self.operation(about, UP_TO_DATE, after, Vec::new(), None);
        } else {
            self.name_values(&changes);
            self.operation(about, reason, after, changes, Some(api.update(key, fields)));
        }
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.operations.iter().any(|one| one.id.as_str() == id)
    }

    /// The operation of this name, if it changes something.
    pub(super) fn change(&self, id: &str) -> Option<OperationId> {
        let is_it = |one: &&Operation| one.id.as_str() == id && one.write.is_some();
        self.operations.iter().find(is_it).map(|one| one.id.clone())
    }

    /// The operation of this name, if it changes an existing object.
    pub(super) fn update_of(&self, id: &str) -> Option<OperationId> {
        let is_it = |one: &&Operation| one.id.as_str() == id && one.verb() == Verb::Update;
        self.operations.iter().find(is_it).map(|one| one.id.clone())
    }

    /// Those of these operations that change something.
    pub(super) fn changes(&self, ids: &[&str]) -> Vec<OperationId> {
        ids.iter().filter_map(|id| self.change(id)).collect()
    }

    /// Those whose names begin so.
    pub(super) fn changes_of(&self, prefix: &str) -> Vec<OperationId> {
        let is_it = |one: &&Operation| one.id.as_str().starts_with(prefix) && one.write.is_some();
        self.operations.iter().filter(is_it).map(|one| one.id.clone()).collect()
    }

    /// A reference to an existing object: by its id, or offline by its identity key.
    pub(super) fn reference<T>(&mut self, id: &T, key: &str) -> Reference<T>
    where
        T: Clone + fmt::Display,
    {
        match self.snapshot.source {
            Source::Server => {
                self.name(id, key);
                Reference::Known(id.clone())
            }
            Source::BuiltIn => Reference::Named { named: key.to_owned() },
        }
    }

    /// Records the name of an id, for the text. UUIDs stand for themselves.
    pub(super) fn name(&mut self, id: &impl fmt::Display, name: &str) {
        self.names.insert(id.to_string(), name.to_owned());
    }

    /// Records the names of what fields refer to, before and after, for the text.
    fn name_values(&mut self, changes: &[FieldChange]) {
        let snapshot = self.snapshot;
        for id in changes.iter().flat_map(FieldChange::texts) {
            let flow = snapshot.flows.iter().find(|one| one.pk.as_str() == id);
            let pair = snapshot.certificates.iter().find(|one| one.pk.as_str() == id);
            let mapping = snapshot.scope_mappings.iter().find(|one| one.pk.as_str() == id);
            let managed = mapping.and_then(|one| one.managed.as_deref()?.rsplit("/scope-").next());
            let name = flow
                .map(|one| one.slug.as_str())
                .or(pair.map(|one| one.name.as_str()))
                .or(managed)
                .or(mapping.map(|one| one.name.as_str()));
            // A field that is not listed has no better name.
            let unlisted = is_uuid(id).then_some("(one that is not listed)");
            if let Some(name) = name.or(unlisted)
                && !self.names.contains_key(id)
            {
                self.names.insert(id.to_owned(), name.to_owned());
            }
        }
    }

    /// Records the name of a number in this field: 5 may be a user and a provider.
    pub(super) fn name_number(&mut self, field: &str, id: &impl fmt::Display, name: &str) {
        self.names.insert(format!("{field} {id}"), name.to_owned());
    }

    /// The one object with this identity key. More than one is a blocker.
    pub(super) fn find<T: Keyed>(&mut self, key: &str) -> Found<'a, T> {
        let matches: Vec<&T> =
            T::all(self.snapshot).iter().filter(|one| one.has_key(key)).collect();
        self.only(T::API.resource(key), &matches, T::primary_key)
    }

    /// The one of these. More than one is a blocker.
    pub(super) fn only<'s, T>(
        &mut self,
        resource: Resource,
        matches: &[&'s T],
        primary_key: impl Fn(&T) -> String,
    ) -> Found<'s, T> {
        match matches {
            [] => Found::None,
            [one] => Found::One(*one),
            _ => {
                let name = resource.name.clone();
                let shown = matches.iter().map(|one| format!("{name} (pk {})", primary_key(one)));
                let hint = "Rename or delete all but one in authentik.";
                self.blockers.push(Blocker::ambiguous(resource, shown.collect(), hint));
                Found::Many
            }
        }
    }

    /// Records what stops the plan, whatever is asked for.
    pub(super) fn block(
        &mut self,
        resource: Resource,
        why: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.blockers.push(Blocker::conflict(resource, why, hint));
    }

    pub(super) fn missing(&mut self, resource: Resource, why: &str, hint: impl Into<String>) {
        self.blockers.push(Blocker::missing(resource, why, hint));
    }

    /// Records a conflict, or with `adopt` a warning. Returns whether to go on.
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
        let hint = format!("{hint}, or set `adopt`.");
        self.block(resource.clone(), why, hint);
        false
    }
}

fn server_of(resource: &Resource) -> Server {
    let api = RESOURCES.iter().find(|api| api.kind == resource.kind.as_str());
    api.map_or(Server::Authentik, |api| api.server)
}

fn is_uuid(text: &str) -> bool {
    let dashes = [8, 13, 18, 23];
    let fits = |(at, byte): (usize, u8)| {
        if dashes.contains(&at) { byte == b'-' } else { byte.is_ascii_hexdigit() }
    };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

pub(crate) fn unsupported(version: Version) -> Blocker {
    let Version { year, month, .. } = Version::MIN_SUPPORTED;
    Blocker::unsupported_version(version, &format!("{year}.{month}"))
}

/// Why an operation has nothing to do.
pub(super) const UP_TO_DATE: &str = "up to date";

/// The snapshot's object with an identity key.
pub(super) enum Found<'s, T> {
    None,
    One(&'s T),
    /// Recorded as a blocker; whatever needs it is planned without.
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
