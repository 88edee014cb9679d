//! A server with two NetBirds and other people on it, and what must hold of it after each action.

use std::time::Duration;

use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::plan::Purpose;
use authentik_netbird_core::report::OperationState;
use authentik_netbird_core::{ConnectionOptions, Error, ErrorKind, NetbirdIntegration, Plan};
use authentik_simulator::{Counters, Issued, Release, State};
use futures_util::future::join_all;

use super::admin::{Edit, add_others};
use super::appliers::JITTER;
use super::assertions::{has_what_netbird_needs, nothing_is_double};
use super::history::{Action, Who, faults};
use super::names::{FLOW, NETBIRDS, group};
use super::reports::{Others, reports_are_exact};
use super::run::{self, Ran, run};
use crate::support::job::Job;
use crate::support::running::{Running, start_with};
use crate::support::story::{self, Server};

/// How long a run goes on trying.
const RETRY: Duration = Duration::from_secs(20);

pub(crate) struct Model {
    running: Running,
    wanted: [NetbirdIntegration; 2],
    kept: [Option<Kept>; 2],
    /// Counts what changed the server.
    changes: u64,
    /// The last of these changes that was an administrator's hand on the brand.
    brand_touched: u64,
    /// Whether the next action meets a fault.
    faulty: bool,
    /// Whether runs of a NetBird have met and none was alone since then: what has no unique key may exist
    /// twice. A plan that is fresh still meets what was done since it was made.
    may_be_double: [bool; 2],
}

/// A plan that was kept, and when it was made.
struct Kept {
    plan: Plan,
    at: u64,
}

impl Model {
    pub(crate) fn new(release: Release, rights: ServiceAccount) -> Self {
        let running = start_with(release, ConnectionOptions::new().retry_timeout(RETRY));
        running.simulator.edit(|state| {
            add_others(state);
            state.add_group("vpn");
            let user = state.add_user("another-account");
            "service_account".clone_into(&mut user.kind);
            let user = user.pk;
            "app_password".clone_into(&mut state.add_token("of-others", user).intent);
            let provider = state.add_provider("Another").pk;
            let target = state.add_application("Another", "another", Some(provider)).pk.clone();
            let vpn = group(state, "vpn").unwrap().pk.clone();
            state.add_policy_binding(&target).group = Some(vpn);
            let flow = state.flows.iter().find(|one| one.slug == "flow-of-others").unwrap();
            let flow = flow.pk.clone();
            state.add_brand("another.company").flow_device_code = Some(flow);
        });
        let wanted = NETBIRDS.map(|of| of.wanted(running.simulator.url(), rights));
        Self {
            running,
            wanted,
            kept: [None, None],
            changes: 0,
            brand_touched: 0,
            faulty: false,
            may_be_double: [false; 2],
        }
    }

    pub(crate) async fn act(&mut self, action: &Action) {
        match action {
            Action::Plan(who) => self.plan(*who, Job::FirstApply).await,
            Action::PlanTeardown(who) => self.plan(*who, Job::TearDown).await,
            Action::PlanRotation(who) => self.plan(*who, Job::RotateForEver).await,
            Action::Edit(who, edit) => {
                let of = NETBIRDS[*who];
                if self.running.simulator.edit(|state| edit.make(state, of)) {
                    self.changes += 1;
                    if matches!(edit, Edit::SetsBrandFlow | Edit::RemovesFlow) {
                        self.brand_touched = self.changes;
                    }
                }
            }
            Action::Fault { number, at } => {
                self.running.simulator.clear_faults();
                self.running.simulator.add_fault(faults()[*number].at(*at, true, false));
                self.faulty = true;
            }
            Action::Apply { who, from_json } => {
                if let Some(kept) = self.kept[*who].take() {
                    self.apply(*who, kept, *from_json).await;
                }
            }
            Action::AtOnce { actions, seed } => self.at_once(actions, *seed).await,
            Action::SetUp(who) => self.one_go(*who, Job::FirstApply).await,
            Action::TearDown(who) => self.one_go(*who, Job::TearDown).await,
            Action::Rotate(who) => self.one_go(*who, Job::Rotate).await,
        }
        if self.may_be_double == [false; 2] {
            self.running.simulator.edit(|state| nothing_is_double(state));
        }
    }

    async fn plan(&mut self, who: Who, job: Job) {
        let (before, faulty) = self.begin();
        let plan = job.plan(&self.running.client, &self.wanted[who]).await;
        self.running.simulator.clear_faults();
        match plan {
            Ok(plan) => self.kept[who] = Some(Kept { plan, at: self.changes }),
            Err(error) => self.may_fail(&error, faulty),
        }
        assert_eq!(self.running.writes(), 0, "planning only reads");
        self.nothing_of_others_changed(&before, self.changes);
    }

    async fn apply(&mut self, who: Who, kept: Kept, from_json: bool) {
        let (before, faulty) = self.begin();
        let plan = if from_json {
            serde_json::from_str(&serde_json::to_string(&kept.plan).unwrap()).unwrap()
        } else {
            kept.plan.clone()
        };
        let ran = run::apply(&self.running.client, plan).await;
        self.is_true(&ran, faulty, Others::Anyone);
        if kept.at == self.changes {
            if let Err(error) = &ran.result {
                self.may_fail(error, faulty);
            }
            self.report_is_true(&ran).await;
        }
        if !from_json && kept.at != self.changes {
            self.may_be_double[who] = true;
        }
        // A plan from a file is held against the server; one just made goes by what it was made from.
        let made_from = if from_json { self.changes } else { kept.at };
        self.changes += 1;
        self.nothing_of_others_changed(&before, made_from);
    }

    async fn one_go(&mut self, who: Who, job: Job) {
        let (before, faulty) = self.begin();
        let ran = run(job, &self.running.client, &self.wanted[who]).await;
        self.is_true(&ran, faulty, Others::Runs);
        if let Err(error) = &ran.result {
            self.may_fail(error, faulty);
        }
        if let Some(outputs) = ran.outputs() {
            has_what_netbird_needs(&self.running, NETBIRDS[who], outputs);
        }
        if ran.result.is_ok() && job == Job::FirstApply {
            self.may_be_double[who] = false;
        }
        self.nothing_of_others_changed(&before, self.changes);
        self.changes += 1;
    }

    async fn at_once(&mut self, actions: &[Action], seed: u64) {
        let (before, faulty) = self.begin();
        self.running.simulator.set_jitter(JITTER, seed);
        let one = async |action: &Action| {
            let (who, job) = match action {
                Action::TearDown(who) => (*who, Job::TearDown),
                Action::Rotate(who) => (*who, Job::Rotate),
                Action::SetUp(who) => (*who, Job::FirstApply),
                other => panic!("{other:?} is no run"),
            };
            run(job, &self.running.client, &self.wanted[who]).await
        };
        let ran = join_all(actions.iter().map(one)).await;
        self.running.simulator.set_jitter(Duration::ZERO, 0);
        self.running.simulator.clear_faults();
        if !faulty {
            reports_are_exact(&self.running, &ran, Others::Runs);
        }
        for action in actions {
            if let Action::SetUp(who) = action {
                self.may_be_double[*who] = true;
            }
        }
        self.nothing_of_others_changed(&before, self.changes);
        self.changes += 1;
    }

    /// What is of others now, and whether there is a fault waiting.
    fn begin(&mut self) -> (State, bool) {
        self.running.simulator.clear_requests();
        (self.of_others(), std::mem::take(&mut self.faulty))
    }

    fn is_true(&self, ran: &Ran, faulty: bool, others: Others) {
        self.running.simulator.clear_faults();
        if !faulty {
            reports_are_exact(&self.running, std::slice::from_ref(ran), others);
        }
        if let (Err(error), None) = (&ran.result, ran.report()) {
            assert_eq!(self.running.writes(), 0, "no report: {}", error.chain());
        }
    }

    /// Without a fault only what someone did to the server is a reason to fail.
    fn may_fail(&self, error: &Error, faulty: bool) {
        let expected = matches!(error.kind(), ErrorKind::Conflict | ErrorKind::Missing);
        let is_double = self.may_be_double != [false; 2] && error.kind() == ErrorKind::Ambiguous;
        assert!(faulty || expected || is_double, "{}", error.chain());
    }

    /// What was done is not left to do, and what was not, is.
    async fn report_is_true(&self, ran: &Ran) {
        let (Some(plan), Some(report)) = (&ran.plan, ran.report()) else { return };
        let job = match plan.purpose {
            Purpose::SetUp => Job::FirstApply,
            Purpose::TearDown => Job::TearDown,
            // There is always another one to plan.
            _ => return,
        };
        let wanted = &plan.integration;
        let left = job.plan(&self.running.client, wanted).await;
        let left = left.unwrap_or_else(|error| panic!("{}\nafter {report}", error.chain()));
        for entry in &report.entries {
            // An account that has not got its name is created again, app password and all.
            let is_unnamed = ["app-password", "access-account"].contains(&entry.operation.as_str())
                && left.changes().any(|one| one.id.as_str() == "service-account-unnamed");
            let is_left =
                !is_unnamed && left.changes().any(|operation| operation.id == entry.operation);
            let is_true = match &entry.state {
                OperationState::Applied | OperationState::AlreadyApplied => !is_left,
                OperationState::Failed { message } if message.contains("must be unique") => true,
                OperationState::Failed { .. } | OperationState::Skipped => is_left,
                _ => true,
            };
            assert!(is_true, "{} is left: {is_left}\n{report}\nleft is {left}", entry.operation);
        }
    }

    /// Everything that belongs to neither NetBird.
    fn of_others(&self) -> State {
        let mut state = self.running.simulator.edit(|state| state.clone());
        // An account that has not got its name yet ends in letters that nobody can guess.
        let is_ours = |name: &str| {
            let name = name.trim_end_matches(|c| ('\u{2840}'..='\u{287f}').contains(&c));
            NETBIRDS.iter().any(|of| of.name == name)
        };
        let is_reader = |name: &str| NETBIRDS.iter().any(|of| of.reader() == name);
        let is_account = |name: &str, kind: &str| is_ours(name) && kind == "service_account";
        let accounts: Vec<u64> = state
            .users
            .iter()
            .filter(|one| is_account(&one.username, &one.kind))
            .map(|one| one.pk)
            .collect();
        let slugs = NETBIRDS.map(|of| of.slug);
        let applications = state.applications.clone();
        let is_application =
            |pk: &str| applications.iter().any(|one| one.pk == pk && slugs.contains(&&*one.slug));
        state.policy_bindings.retain(|one| !is_application(&one.target));
        state.applications.retain(|one| !slugs.contains(&&*one.slug));
        state.providers.retain(|one| !is_ours(&one.name));
        state.users.retain(|one| !accounts.contains(&one.pk));
        state.tokens.retain(|one| !accounts.contains(&one.user));
        state.roles.retain(|one| !is_reader(&one.name));
        state.groups.retain(|one| !is_reader(&one.name));
        for one in &mut state.groups {
            one.users.retain(|user| !accounts.contains(user));
        }
        let flow = state.flows.iter().find(|one| one.slug == FLOW).map(|one| one.pk.clone());
        for brand in &mut state.brands {
            brand.flow_device_code.take_if(|has| Some(&*has) == flow.as_ref());
        }
        state.flows.retain(|one| one.slug != FLOW);
        (state.counters, state.issued) = (Counters::default(), Issued::default());
        state
    }

    /// `made_from`: when the server was read. Who has set the brand's flow since then may find the
    /// plan's there: authentik has no way to say "only if it is as it was".
    fn nothing_of_others_changed(&self, before: &State, made_from: u64) {
        let mut states = [before.clone(), self.of_others()];
        if self.brand_touched > made_from {
            for state in &mut states {
                state.brands.iter_mut().for_each(|one| one.flow_device_code = None);
            }
        }
        let [before, after] = states.map(|state| serde_json::to_value(state).unwrap());
        for (list, entries) in before.as_object().unwrap() {
            assert_eq!(&after[list], entries, "{list}");
        }
    }

    /// Undisturbed, both NetBirds are set up whole, and torn down whole.
    pub(crate) async fn end(self) {
        self.running.simulator.clear_faults();
        self.running.simulator.edit(|state| {
            let is_in_the_way = |username: &str, kind: &str| {
                kind != "service_account" && NETBIRDS.iter().any(|of| of.name == username)
            };
            state.users.retain(|one| !is_in_the_way(&one.username, &one.kind));
            // Whoever lets others in to the application may have left the account out.
            let guests = group(state, "guests").unwrap().pk.clone();
            state.policy_bindings.retain(|one| one.group.as_ref() != Some(&guests));
        });
        let others = self.of_others();
        let server = Server::new(self.running.simulator.url(), self.running.simulator.token());
        for who in [0, 1] {
            let wanted = &story::adopting(&self.running.client, &self.wanted[who]).await;
            story::converge(&self.running.client, wanted).await;
            let outputs = self.running.client.outputs(wanted).await.unwrap();
            has_what_netbird_needs(&self.running, NETBIRDS[who], &outputs);
            story::netbird_logs_in(&server, &outputs).await;
        }
        self.running.simulator.edit(|state| nothing_is_double(state));
        self.nothing_of_others_changed(&others, self.changes);
        for who in [0, 1] {
            let plan = Job::TearDown.plan(&self.running.client, &self.wanted[who]).await.unwrap();
            let ran = self.running.client.apply(&plan).await;
            let ran = ran.unwrap_or_else(|error| panic!("{}", error.chain()));
            let again = Job::TearDown.plan(&self.running.client, &self.wanted[who]).await.unwrap();
            assert!(!again.has_changes(), "after {}\nthere is left {again}", ran.report());
        }
        self.nothing_of_others_changed(&others, self.changes);
    }
}
