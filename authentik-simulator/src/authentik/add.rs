//! How objects are added to a [`State`]: as a server would make them, to be changed further.

use super::State;
use super::objects::{
    Application, Brand, Certificate, Flow, Group, KeyType, PolicyBinding, Provider, Role,
    ScopeMapping, Token, User,
};

impl State {
    /// Adds an application.
    pub fn add_application(
        &mut self,
        name: &str,
        slug: &str,
        provider: Option<u64>,
    ) -> &mut Application {
        let added = Application::new(&mut self.counters, name, slug, provider);
        push(&mut self.applications, added)
    }

    /// Adds a brand that is not the default one and has no flows.
    pub fn add_brand(&mut self, domain: &str) -> &mut Brand {
        let added = Brand::new(&mut self.counters, domain);
        push(&mut self.brands, added)
    }

    /// Adds a certificate-key pair with its private key, that expires in a year.
    pub fn add_certificate(&mut self, name: &str, key_type: KeyType) -> &mut Certificate {
        let added = Certificate::new(&mut self.counters, self.now, name, key_type);
        push(&mut self.certificates, added)
    }

    /// Adds a flow without stages.
    pub fn add_flow(&mut self, slug: &str, title: &str, designation: &str) -> &mut Flow {
        let added = Flow::new(&mut self.counters, slug, title, designation);
        push(&mut self.flows, added)
    }

    /// Adds a group without members, also where the name is taken.
    pub fn add_group(&mut self, name: &str) -> &mut Group {
        let added = Group::new(&mut self.counters, name);
        push(&mut self.groups, added)
    }

    /// Adds an enabled policy binding that names neither group nor user yet.
    pub fn add_policy_binding(&mut self, target: &str) -> &mut PolicyBinding {
        let added = PolicyBinding::new(&mut self.counters, target);
        push(&mut self.policy_bindings, added)
    }

    /// Adds a provider as the API makes one that is given nothing but a name: confidential, without
    /// redirect URIs, signing key, scope mappings and grant types.
    pub fn add_provider(&mut self, name: &str) -> &mut Provider {
        let mut added = Provider::new(&mut self.counters, &self.flows, name);
        added.pk = self.counters.next_provider();
        push(&mut self.providers, added)
    }

    /// Adds a role without permissions.
    pub fn add_role(&mut self, name: &str) -> &mut Role {
        let added = Role::new(&mut self.counters, name);
        push(&mut self.roles, added)
    }

    /// Adds a scope mapping that nobody manages.
    pub fn add_scope_mapping(&mut self, name: &str, scope_name: &str) -> &mut ScopeMapping {
        let added = ScopeMapping::new(&mut self.counters, name, scope_name);
        push(&mut self.scope_mappings, added)
    }

    /// Adds an API token that does not expire.
    pub fn add_token(&mut self, identifier: &str, user: u64) -> &mut Token {
        let added = Token::new(&mut self.counters, identifier, user);
        push(&mut self.tokens, added)
    }

    /// Adds an internal, active user.
    pub fn add_user(&mut self, username: &str) -> &mut User {
        let mut added = User::new(&mut self.counters, self.now, username);
        added.pk = self.counters.next_user();
        push(&mut self.users, added)
    }
}

/// Adds and gives back. The vector cannot be empty afterwards.
fn push<T>(to: &mut Vec<T>, item: T) -> &mut T {
    let at = to.len();
    to.push(item);
    &mut to[at]
}
