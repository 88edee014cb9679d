//! Observing for a teardown: what is there, and who else uses it.

use std::time::Instant;

use futures_util::future::join_all;

use super::extend;
use crate::client::Client;
use crate::desired::{DesiredServiceAccount, DesiredState};
use crate::error::Result;
use crate::http::now;
use crate::integration::NetbirdIntegration;
use crate::model::{Flow, FlowDetail, Group, Role, Token, UsedBy, User, UserDetail};
use crate::plan::Plan;
use crate::plan::teardown::{TeardownSnapshot, plan_teardown};
use crate::request::{
    Request, TeardownAccountObservation, account_uses, group_uses, permissions_of, role_uses,
    teardown_observation,
};
use crate::snapshot::{Snapshot, Source};

impl Client {
    /// Observes and plans the removal of what an integration made, and of nothing else: thirteen reads at
    /// once, then one more if the service account is there. Nothing is written.
    ///
    /// [`Client::apply`] carries the plan out, in two more round trips. What something else uses,
    /// what someone extended, and what belongs to something else is kept, and named in the plan with
    /// the reason: [`Plan::operations`] without a write.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use authentik_netbird_core::{Client, NetbirdIntegration};
    /// use authentik_simulator::Simulator;
    ///
    /// let authentik = Simulator::start()?; // yours is https://authentik.company
    /// let integration = NetbirdIntegration::builder(authentik.url(), "netbird.company").build()?;
    /// let client = Client::builder(authentik.url()).token(authentik.token()).build()?;
    /// client.apply(&client.plan(&integration).await?).await?;
    ///
    /// let plan = client.plan_teardown(&integration).await?; // reads only
    /// println!("{plan}"); // what goes, what is kept, and why
    /// client.apply(&plan).await?;
    ///
    /// assert!(!client.plan_teardown(&integration).await?.has_changes()); // nothing is left
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidPlan`](crate::Error::InvalidPlan) when the integration is of another server
    /// than the client, [`Error::Blocked`](crate::Error::Blocked) when the server is too old
    /// or has several objects of one name, and what reading can meet.
    pub async fn plan_teardown(&self, integration: &NetbirdIntegration) -> Result<Plan> {
        self.same_server(integration)?;
        let desired = DesiredState::from(integration);
        let read = Box::pin(self.observe_for_teardown(&desired)).await?;
        let mut plan = plan_teardown(&desired, &read)?;
        plan.observed = Some(Instant::now());
        Ok(plan)
    }

    async fn observe_for_teardown(&self, desired: &DesiredState) -> Result<TeardownSnapshot> {
        let requests = teardown_observation(desired);
        let (
            version,
            flows,
            flow_uses,
            brands,
            providers,
            application,
            application_uses,
            caller,
            access_groups,
            account,
            left_account,
        ) = tokio::join!(
            self.version(&requests.version),
            self.read_all::<FlowDetail>(&requests.flows),
            self.uses(&requests.flow_uses),
            self.read_all(&requests.brands),
            self.read_all(&requests.providers),
            self.read_one(&requests.application),
            self.uses(&requests.application_uses),
            self.caller(&requests.caller),
            join_all(requests.access_groups.iter().map(|one| self.read_all(one))),
            self.account_for_teardown(requests.account.as_ref()),
            self.left_account(requests.left_account.as_ref()),
        );
        // First of all the version: an answer that can't be read may be that of a server too old.
        let version = version?;
        let flows = flows?;
        let account = account?;
        let snapshot = Snapshot {
            taken_at: Some(now()),
            caller: Some(caller?.user),
            flows: flows.iter().cloned().map(Flow::from).collect(),
            brands: brands?,
            providers: providers?,
            applications: Vec::from_iter(application?),
            tokens: account.tokens,
            groups: account.groups,
            roles: account.roles,
            users: left_account,
            ..Snapshot::empty(Source::Server, version)
        };
        let mut read = TeardownSnapshot {
            flows,
            flow_uses: flow_uses?,
            application_uses: application_uses?,
            users: account.users,
            service_accounts: account.service_accounts,
            ..TeardownSnapshot::new(snapshot)
        };
        for listed in access_groups {
            extend(&mut read.snapshot.groups, listed?);
        }
        self.read_uses(desired, &mut read).await?;
        Ok(read)
    }

    async fn account_for_teardown(
        &self,
        requests: Option<&TeardownAccountObservation>,
    ) -> Result<Account> {
        let Some(requests) = requests else { return Ok(Account::default()) };
        let (users, service_accounts, tokens, groups, roles) = tokio::join!(
            self.read_all(&requests.users),
            self.read_all(&requests.service_accounts),
            self.read_all(&requests.tokens),
            self.read_all(&requests.groups),
            self.read_all(&requests.roles),
        );
        Ok(Account {
            users: users?,
            service_accounts: service_accounts?,
            tokens: tokens?,
            groups: groups?,
            roles: roles?,
        })
    }

    /// The second wave: who else uses account, role and group, and what the token may do.
    async fn read_uses(&self, desired: &DesiredState, read: &mut TeardownSnapshot) -> Result<()> {
        let name = desired.service_account.as_ref().map(DesiredServiceAccount::role);
        let role = read.snapshot.roles.iter().find(|role| Some(role.name.as_str()) == name);
        let group = read.snapshot.groups.iter().find(|group| Some(group.name.as_str()) == name);
        let account = read.service_account(desired);
        let account = account.map(|user| account_uses(user.pk, &user.username));
        let permissions = role.map(|role| permissions_of(&role.pk, &role.name));
        let role = role.map(|role| role_uses(&role.pk, &role.name));
        let group = group.map(|group| group_uses(&group.pk, &group.name));
        let (account, role, group, permissions, rights) = tokio::join!(
            self.uses_if(account.as_ref()),
            self.uses_if(role.as_ref()),
            self.uses_if(group.as_ref()),
            async {
                match &permissions {
                    Some(request) => self.read_all(request).await,
                    None => Ok(Vec::new()),
                }
            },
            self.rights(read.snapshot.version, read.snapshot.caller.as_ref()),
        );
        read.account_uses = account?;
        read.role_uses = role?;
        read.group_uses = group?;
        read.snapshot.role_permissions = permissions?;
        if let Some(caller) = &mut read.snapshot.caller {
            caller.rights = rights;
        }
        Ok(())
    }

    async fn uses_if(&self, request: Option<&Request>) -> Result<Vec<UsedBy>> {
        match request {
            Some(request) => self.uses(request).await,
            None => Ok(Vec::new()),
        }
    }

    /// What uses an object; nothing does where there is none.
    async fn uses(&self, request: &Request) -> Result<Vec<UsedBy>> {
        Ok(self.read_one(request).await?.unwrap_or_default())
    }
}

#[derive(Default)]
struct Account {
    users: Vec<UserDetail>,
    service_accounts: Vec<User>,
    tokens: Vec<Token>,
    groups: Vec<Group>,
    roles: Vec<Role>,
}
