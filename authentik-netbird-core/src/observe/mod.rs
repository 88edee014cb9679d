//! Observing: reading everything that a plan needs, in one wave; in a second one what only the first
//! one's ids can ask for.

mod answers;
mod drift;
mod further;
mod teardown;

use std::time::Instant;

use crate::client::{Client, Patience};
use crate::desired::DesiredState;
use crate::error::{Blocker, Error, Result};
use crate::http::now;
use crate::integration::NetbirdIntegration;
use crate::model::{Group, Me, Role, Token, User, Version, VersionAnswer};
use crate::plan::{Plan, plan};
use crate::request::{AccountObservation, Request, observation};
use crate::snapshot::{Snapshot, Source};
use answers::Answers;

impl Client {
    /// Reads what the server has, as far as it concerns `desired`: twelve reads at once, thirteen
    /// with a `client_id`; more only for lists of over a thousand. A second wave follows where least
    /// privilege or access groups are asked for and there already, and for a token whose user is no
    /// administrator, to find out what it may do. Nothing is written, and no secret is read.
    ///
    /// # Errors
    /// What reading can meet: [`Error::Transport`], [`Error::Api`], [`Error::UnexpectedResponse`],
    /// [`Error::Decode`]; [`Error::MissingPermissions`] where the token may not read several of these;
    /// and [`Error::Blocked`] for a server that is too old.
    pub async fn observe(&self, desired: &DesiredState) -> Result<Snapshot> {
        let requests = observation(desired);
        let by_client_id = async {
            match &requests.providers_by_client_id {
                Some(request) => self.read_all(request).await,
                None => Ok(Vec::new()),
            }
        };
        let groups =
            futures_util::future::join_all(requests.groups.iter().map(|one| self.groups(one)));
        let (
            version,
            flows,
            certificates,
            scope_mappings,
            brands,
            caller,
            groups,
            providers,
            by_client_id,
            application,
            account,
            left_account,
        ) = tokio::join!(
            self.version(&requests.version),
            self.read_all(&requests.flows),
            self.read_all(&requests.certificates),
            self.read_all(&requests.scope_mappings),
            self.read_all(&requests.brands),
            self.caller(&requests.caller),
            groups,
            self.read_all(&requests.providers),
            by_client_id,
            self.read_one(&requests.application),
            self.account(requests.account.as_ref()),
            self.left_account(requests.left_account.as_ref()),
        );
        // First of all the version: an answer that can't be read may be that of a server too old.
        let mut answers = Answers::default();
        let version = answers.take(version).unwrap_or(Version::NEWEST_KNOWN);
        let mut snapshot = Snapshot {
            taken_at: Some(now()),
            flows: answers.take(flows).unwrap_or_default(),
            certificates: answers.take(certificates).unwrap_or_default(),
            scope_mappings: answers.take(scope_mappings).unwrap_or_default(),
            brands: answers.take(brands).unwrap_or_default(),
            caller: answers.take(caller).map(|me: Me| me.user),
            providers: answers.take(providers).unwrap_or_default(),
            applications: Vec::from_iter(answers.take(application).flatten()),
            users: left_account,
            ..Snapshot::empty(Source::Server, version)
        };
        for listed in groups {
            extend(&mut snapshot.groups, answers.take(listed).unwrap_or_default());
        }
        extend(&mut snapshot.providers, answers.take(by_client_id).unwrap_or_default());
        if let Some((users, tokens, by_identifier, roles)) = account {
            snapshot.users = answers.take(users).unwrap_or_default();
            snapshot.tokens = answers.take(tokens).unwrap_or_default();
            extend(&mut snapshot.tokens, answers.take(by_identifier).unwrap_or_default());
            snapshot.roles = answers.take(roles).unwrap_or_default();
        }
        answers.finish()?;
        self.observe_further(desired, &mut snapshot).await?;
        Ok(snapshot)
    }

    async fn account(&self, requests: Option<&AccountObservation>) -> Option<Account> {
        let requests = requests?;
        let roles = async {
            match &requests.roles {
                Some(request) => self.read_all(request).await,
                None => Ok(Vec::new()),
            }
        };
        let account = || async {
            tokio::join!(
                self.read_all(&requests.users),
                self.read_all(&requests.tokens),
                self.read_all(&requests.tokens_by_identifier),
            )
        };
        let (mut read, roles) = tokio::join!(account(), roles);
        if is_torn(&read.0, &read.2) {
            read = account().await;
        }
        Some((read.0, read.1, read.2, roles))
    }

    /// Groups of a name. Two may be those of runs that are about to agree on one.
    async fn groups(&self, request: &Request) -> Result<Vec<Group>> {
        let mut patience = Patience::new();
        loop {
            let groups: Vec<Group> = patience.time(self.read_all(request)).await?;
            let of_name = groups.iter().filter(|group| group.name == request.resource.name);
            if of_name.count() < 2 || !patience.is_left {
                return Ok(groups);
            }
            patience.wait().await;
        }
    }

    /// That it can't be looked for is no failure: nothing hangs on it but a warning.
    async fn left_account(&self, request: Option<&Request>) -> Vec<User> {
        match request {
            Some(request) => self.read_all(request).await.unwrap_or_default(),
            None => Vec::new(),
        }
    }

    async fn caller(&self, request: &Request) -> Result<Me> {
        self.read(request).await?.decode()
    }

    async fn version(&self, request: &Request) -> Result<Version> {
        let version = self.read(request).await?.decode::<VersionAnswer>()?.version_current;
        if version < Version::OLDEST {
            return Err(Error::Blocked { blockers: vec![Blocker::unsupported_version(version)] });
        }
        Ok(version)
    }

    /// Observes and plans. Nothing is written.
    ///
    /// # Errors
    /// [`Error::InvalidPlan`] when the integration is of another server than the client,
    /// [`Error::Blocked`] with everything that is in the way, and what reading can meet.
    pub async fn plan(&self, integration: &NetbirdIntegration) -> Result<Plan> {
        self.same_server(integration)?;
        let desired = DesiredState::from(integration);
        let snapshot = Box::pin(self.observe(&desired)).await?;
        let mut plan = plan(&desired, &snapshot)?;
        self.note_authors(&mut plan, &snapshot).await;
        plan.observed = Some(Instant::now());
        Ok(plan)
    }

    pub(crate) fn same_server(&self, integration: &NetbirdIntegration) -> Result<()> {
        if integration.authentik_url == *self.url() {
            return Ok(());
        }
        let message = format!(
            "it is for {}, the client is connected to {}",
            integration.authentik_url,
            self.url()
        );
        Err(Error::invalid_plan(message, "use a client of that server"))
    }
}

type Account = (Result<Vec<User>>, Result<Vec<Token>>, Result<Vec<Token>>, Result<Vec<Role>>);

/// Adds what is not there yet: a list that the server did not filter comes twice.
fn extend<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

/// Whether the token of the account's name is nobody's who was listed: the account may have been made
/// between the two reads.
fn is_torn(users: &Result<Vec<User>>, tokens: &Result<Vec<Token>>) -> bool {
    let (Ok(users), Ok(tokens)) = (users, tokens) else { return false };
    let is_known = |token: &Token| users.iter().any(|user| Some(user.pk) == token.user);
    !tokens.iter().all(is_known)
}
