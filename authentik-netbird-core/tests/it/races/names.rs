//! Two NetBirds, and what each of them has on the server.

use authentik_netbird_core::NetbirdIntegration;
use authentik_netbird_core::integration::ServiceAccount;
use authentik_simulator::{Application, Group, Provider, State, User};

/// The slug of the flow that all NetBirds share.
pub(crate) const FLOW: &str = "default-device-code-flow";

/// What one NetBird is called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    /// Of provider, application and account.
    pub(crate) name: &'static str,
    pub(crate) slug: &'static str,
    domain: &'static str,
}

pub(crate) const NETBIRDS: [Names; 2] = [
    Names { name: "NetBird", slug: "netbird", domain: "netbird.company" },
    Names { name: "NetBird B", slug: "netbird-b", domain: "netbird-b.company" },
];

impl Names {
    pub(crate) fn wanted(self, url: &str, rights: ServiceAccount) -> NetbirdIntegration {
        let builder = crate::support::as_in_guide(url, self.domain)
            .application_name(self.name)
            .application_slug(self.slug)
            .provider_name(self.name)
            .service_account_name(self.name)
            .service_account(rights);
        let bound = rights == ServiceAccount::UserReader;
        let builder = if bound { builder.access_group("vpn") } else { builder };
        builder.build().unwrap()
    }

    /// The name of the role and of the group of least privilege.
    pub(crate) fn reader(self) -> String {
        format!("{} user reader", self.name)
    }

    pub(crate) fn provider(self, state: &mut State) -> Option<&mut Provider> {
        state.providers.iter_mut().find(|one| one.name == self.name)
    }

    pub(crate) fn application(self, state: &mut State) -> Option<&mut Application> {
        state.applications.iter_mut().find(|one| one.slug == self.slug)
    }

    /// The service account; a user of that name is none.
    pub(crate) fn account(self, state: &mut State) -> Option<&mut User> {
        let is_it = |one: &&mut User| one.username == self.name && one.kind == "service_account";
        state.users.iter_mut().find(is_it)
    }
}

pub(crate) fn group<'a>(state: &'a mut State, name: &str) -> Option<&'a mut Group> {
    state.groups.iter_mut().find(|one| one.name == name)
}
