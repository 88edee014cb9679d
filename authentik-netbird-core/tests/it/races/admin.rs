//! An administrator edits while a plan is applied.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use authentik_netbird_core::ErrorKind;
use authentik_simulator::{Release, State};
use futures_util::FutureExt;

use super::AT_ONCE;
use super::assertions::{has_what_netbird_needs, nothing_is_double};
use super::names::{FLOW, NETBIRDS, Names, group};
use super::reports::{Others, reports_are_exact};
use super::run::apply_with;
use crate::support::cases::{self, Case, has_time};
use crate::support::job::{Job, Scene};
use crate::support::running::Running;
use crate::support::story;

/// What an administrator does to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    MakesProvider,
    MakesApplication,
    MakesFlow,
    MakesAccount,
    /// Someone who has the account's name and is none.
    MakesUser,
    MakesRole,
    MakesGroup,
    ChangesProvider,
    ChangesApplication,
    ChangesFlow,
    SwitchesAccountOff,
    RemovesProvider,
    RemovesApplication,
    RemovesFlow,
    RemovesAccount,
    RemovesPassword,
    RemovesMembership,
    AddsMembers,
    AddsBinding,
    AddsMapping,
    SetsBrandFlow,
}

pub(crate) const EDITS: [Edit; 21] = [
    Edit::MakesProvider,
    Edit::MakesApplication,
    Edit::MakesFlow,
    Edit::MakesAccount,
    Edit::MakesUser,
    Edit::MakesRole,
    Edit::MakesGroup,
    Edit::ChangesProvider,
    Edit::ChangesApplication,
    Edit::ChangesFlow,
    Edit::SwitchesAccountOff,
    Edit::RemovesProvider,
    Edit::RemovesApplication,
    Edit::RemovesFlow,
    Edit::RemovesAccount,
    Edit::RemovesPassword,
    Edit::RemovesMembership,
    Edit::AddsMembers,
    Edit::AddsBinding,
    Edit::AddsMapping,
    Edit::SetsBrandFlow,
];

/// What an administrator works with, beside what a NetBird has.
pub(crate) fn add_others(state: &mut State) {
    state.add_user("alice");
    state.add_group("guests");
    state.add_flow("flow-of-others", "Flow of others", "stage_configuration");
}

impl Edit {
    /// Does it, where it can be done. Returns whether it could.
    pub(crate) fn make(self, state: &mut State, of: Names) -> bool {
        match self {
            Self::MakesProvider
            | Self::MakesApplication
            | Self::MakesFlow
            | Self::MakesAccount
            | Self::MakesUser
            | Self::MakesRole
            | Self::MakesGroup => self.make_new(state, of),
            Self::ChangesProvider
            | Self::ChangesApplication
            | Self::ChangesFlow
            | Self::SwitchesAccountOff => self.change(state, of).is_some(),
            Self::AddsMembers | Self::AddsBinding | Self::AddsMapping | Self::SetsBrandFlow => {
                self.add(state, of).is_some()
            }
            _ => self.remove(state, of).is_some(),
        }
    }

    fn make_new(self, state: &mut State, of: Names) -> bool {
        let reader = of.reader();
        let is_free = match self {
            Self::MakesProvider => of.provider(state).is_none(),
            Self::MakesApplication => of.application(state).is_none(),
            Self::MakesFlow => !state.flows.iter().any(|one| one.slug == FLOW),
            Self::MakesRole => !state.roles.iter().any(|one| one.name == reader),
            Self::MakesGroup => group(state, &reader).is_none(),
            _ => !state.users.iter().any(|one| one.username == of.name),
        };
        if !is_free {
            return false;
        }
        match self {
            Self::MakesProvider => {
                state.add_provider(of.name);
            }
            Self::MakesApplication => {
                state.add_application(of.name, of.slug, None);
            }
            Self::MakesFlow => {
                state.add_flow(FLOW, "Made by hand", "stage_configuration");
            }
            Self::MakesRole => {
                state.add_role(&reader);
            }
            Self::MakesGroup => {
                state.add_group(&reader);
            }
            Self::MakesAccount => "service_account".clone_into(&mut state.add_user(of.name).kind),
            _ => {
                state.add_user(of.name);
            }
        }
        true
    }

    fn change(self, state: &mut State, of: Names) -> Option<()> {
        match self {
            Self::ChangesProvider => {
                "confidential".clone_into(&mut of.provider(state)?.client_type);
            }
            Self::ChangesApplication => {
                "Changed".clone_into(&mut of.application(state)?.name);
            }
            Self::SwitchesAccountOff => of.account(state)?.is_active = false,
            _ => {
                let flow = state.flows.iter_mut().find(|one| one.slug == FLOW)?;
                "Changed".clone_into(&mut flow.title);
            }
        }
        Some(())
    }

    /// Removes something, and with it what authentik removes then.
    fn remove(self, state: &mut State, of: Names) -> Option<()> {
        match self {
            Self::RemovesProvider => {
                let pk = of.provider(state)?.pk;
                state.providers.retain(|one| one.pk != pk);
                let of_it = state.applications.iter_mut().filter(|one| one.provider == Some(pk));
                of_it.for_each(|one| one.provider = None);
            }
            Self::RemovesApplication => {
                let pk = of.application(state)?.pk.clone();
                state.applications.retain(|one| one.pk != pk);
                state.policy_bindings.retain(|one| one.target != pk);
            }
            Self::RemovesFlow => {
                let pk = state.flows.iter().find(|one| one.slug == FLOW)?.pk.clone();
                state.flows.retain(|one| one.pk != pk);
                for brand in &mut state.brands {
                    brand.flow_device_code.take_if(|flow| *flow == pk);
                }
            }
            Self::RemovesPassword => {
                let pk = of.account(state)?.pk;
                let before = state.tokens.len();
                state.tokens.retain(|one| one.user != pk);
                (state.tokens.len() < before).then_some(())?;
            }
            Self::RemovesMembership => {
                let pk = of.account(state)?.pk;
                state.groups.iter_mut().for_each(|one| one.users.retain(|user| *user != pk));
            }
            _ => {
                let pk = of.account(state)?.pk;
                state.users.retain(|one| one.pk != pk);
                state.tokens.retain(|one| one.user != pk);
                state.groups.iter_mut().for_each(|one| one.users.retain(|user| *user != pk));
                state.policy_bindings.retain(|one| one.user != Some(pk));
            }
        }
        Some(())
    }

    fn add(self, state: &mut State, of: Names) -> Option<()> {
        if self.is_there(state, of)? {
            return None;
        }
        match self {
            Self::AddsMembers => {
                let alice = state.users.iter().find(|one| one.username == "alice")?.pk;
                for name in ["authentik Admins", "vpn"] {
                    group(state, name)?.users.push(alice);
                }
            }
            Self::AddsBinding => {
                let guests = group(state, "guests")?.pk.clone();
                let target = of.application(state)?.pk.clone();
                let binding = state.add_policy_binding(&target);
                (binding.group, binding.order) = (Some(guests), 9);
            }
            Self::AddsMapping => {
                let entitlements = entitlements(state)?;
                of.provider(state)?.property_mappings.push(entitlements);
            }
            _ => {
                let flow = state.flows.iter().find(|one| one.slug == "flow-of-others")?.pk.clone();
                state.brands.first_mut()?.flow_device_code = Some(flow);
            }
        }
        Some(())
    }

    /// Whether what was added is there; `None` where what it was added to is not.
    pub(crate) fn is_there(self, state: &mut State, of: Names) -> Option<bool> {
        Some(match self {
            Self::AddsMembers => {
                let alice = state.users.iter().find(|one| one.username == "alice")?.pk;
                let mut groups = ["authentik Admins", "vpn"].into_iter();
                groups.all(|name| group(state, name).is_some_and(|one| one.users.contains(&alice)))
            }
            Self::AddsBinding => {
                let guests = group(state, "guests")?.pk.clone();
                let target = of.application(state)?.pk.clone();
                let is_it = |one: &authentik_simulator::PolicyBinding| {
                    one.target == target && one.group.as_ref() == Some(&guests)
                };
                state.policy_bindings.iter().any(is_it)
            }
            Self::AddsMapping => {
                let entitlements = entitlements(state)?;
                of.provider(state)?.property_mappings.contains(&entitlements)
            }
            Self::SetsBrandFlow => {
                let flow = state.flows.iter().find(|one| one.slug == "flow-of-others")?.pk.clone();
                state.brands.first()?.flow_device_code == Some(flow)
            }
            _ => return None,
        })
    }
}

fn entitlements(state: &State) -> Option<String> {
    let mapping = state.scope_mappings.iter().find(|one| one.scope_name == "entitlements");
    mapping.map(|one| one.pk.clone())
}

/// One edit at one moment of an apply.
struct Meeting {
    scene: Arc<Scene>,
    edit: Edit,
    /// The event of the apply that it comes with.
    moment: usize,
}

impl Meeting {
    async fn run(self) {
        let Self { edit, moment, ref scene } = self;
        let of = NETBIRDS[0];
        let (running, wanted) = scene.start();
        running.simulator.edit(add_others);
        let plan = scene.job.plan(&running.client, &wanted).await.unwrap();
        let (events, made) = (AtomicUsize::new(0), AtomicBool::new(false));
        let listener = |_| {
            if events.fetch_add(1, Ordering::Relaxed) == moment {
                let could = running.simulator.edit(|state| edit.make(state, of));
                made.store(could, Ordering::Relaxed);
            }
        };
        let ran = apply_with(&running.client, plan, listener).await;
        if let Err(error) = &ran.result {
            assert_eq!(error.kind(), ErrorKind::PartialApply, "{}", error.chain());
        }
        let made = made.into_inner();
        let others = if made { Others::Anyone } else { Others::Runs };
        reports_are_exact(&running, std::slice::from_ref(&ran), others);
        // The brand's one field is what the plan changes: who comes between reading and writing
        // finds the plan's value there.
        let stays = |edit: Edit| made && edit != Edit::SetsBrandFlow;
        if stays(edit) {
            self.what_was_added_is_there(&running, &ran.text());
        }
        if !made {
            let outputs = ran.outputs().unwrap_or_else(|| panic!("{}", ran.text()));
            has_what_netbird_needs(&running, of, outputs);
        }
        self.the_next_run_ends_well(&running, &wanted, made).await;
        if stays(edit) {
            self.what_was_added_is_there(&running, "the next run");
        }
    }

    fn what_was_added_is_there(&self, running: &Running, after: &str) {
        let there = running.simulator.edit(|state| self.edit.is_there(state, NETBIRDS[0]));
        assert_ne!(there, Some(false), "{after}");
    }

    async fn the_next_run_ends_well(
        &self,
        running: &Running,
        wanted: &authentik_netbird_core::NetbirdIntegration,
        made: bool,
    ) {
        let job = self.scene.job;
        if made && self.edit == Edit::MakesUser {
            let error = job.plan(&running.client, wanted).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Conflict, "{}", error.chain());
            running.simulator.edit(|state| {
                state.users.retain(|one| one.username != "NetBird");
            });
        }
        let wanted = &story::adopting(&running.client, wanted).await;
        let takes_rights = matches!(self.edit, Edit::MakesAccount | Edit::RemovesMembership);
        assert!(takes_rights || !wanted.adopt());
        let ran = job.run(&running.client, wanted).await;
        let ran = ran.unwrap_or_else(|error| panic!("then: {}", error.chain()));
        has_what_netbird_needs(running, NETBIRDS[0], ran.outputs().unwrap());
        let again = job.what_is_left(&running.client, wanted).await.unwrap();
        assert!(!again.has_changes(), "there is left {again}");
        running.simulator.edit(|state| nothing_is_double(state));
    }
}

#[tokio::test]
async fn an_administrator_edits_while_a_plan_is_applied() {
    let mut cases: Vec<Case> = Vec::new();
    for release in [Release::V2026_5, Release::V2025_10] {
        for job in [Job::FirstApply, Job::LeastPrivilege, Job::Update] {
            let scene = Arc::new(Scene::new(job, release).await);
            // An event when a write starts, and one when it ends.
            let moments = match job {
                Job::LeastPrivilege => 20,
                _ => 14,
            };
            for (number, edit) in EDITS.into_iter().enumerate() {
                let moments =
                    (0..moments).filter(|moment| has_time() || (moment + number) % 4 == 0);
                for moment in moments {
                    let name = format!("{release} {job:?}: {edit:?} at {moment}");
                    let meeting = Meeting { scene: Arc::clone(&scene), edit, moment };
                    cases.push((name, meeting.run().boxed()));
                }
            }
        }
    }
    let every = if has_time() { 1 } else { 2 };
    cases::run("an administrator", "race_histories", AT_ONCE, every, cases.into_iter()).await;
}
