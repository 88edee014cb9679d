//! New objects, as a server makes them from nothing but a name.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use serde_json::Map;

use super::objects::{
    Application, Brand, Certificate, Flow, Group, KeyType, PolicyBinding, Provider, RedirectUri,
    Role, ScopeMapping, Token, User,
};
use super::state::State;
use super::{seed, time};

impl State {
    /// Adds a flow without stages.
    pub fn add_flow(&mut self, slug: &str, title: &str, designation: &str) -> &mut Flow {
        let made = self.new_flow(slug, title, designation);
        push(&mut self.flows, made)
    }

    pub(super) fn new_flow(&mut self, slug: &str, title: &str, designation: &str) -> Flow {
        Flow {
            pk: self.new_uuid(),
            policybindingmodel_ptr_id: self.new_uuid(),
            name: slug.to_owned(),
            slug: slug.to_owned(),
            title: title.to_owned(),
            designation: designation.to_owned(),
            authentication: "none".to_owned(),
            layout: "stacked".to_owned(),
            denied_action: "message_continue".to_owned(),
            policy_engine_mode: "any".to_owned(),
            compatibility_mode: false,
            background: String::new(),
            stages: Vec::new(),
            policies: Vec::new(),
        }
    }

    /// Adds a scope mapping that nobody manages.
    pub fn add_scope_mapping(&mut self, name: &str, scope_name: &str) -> &mut ScopeMapping {
        let made = self.new_scope_mapping(name, scope_name);
        push(&mut self.scope_mappings, made)
    }

    pub(super) fn new_scope_mapping(&mut self, name: &str, scope_name: &str) -> ScopeMapping {
        ScopeMapping {
            pk: self.new_uuid(),
            managed: None,
            name: name.to_owned(),
            expression: "return {}".to_owned(),
            scope_name: scope_name.to_owned(),
            description: String::new(),
        }
    }

    /// Adds a certificate-key pair with its private key, that expires in a year.
    pub fn add_certificate(&mut self, name: &str, key_type: KeyType) -> &mut Certificate {
        let made = self.new_certificate(name, key_type);
        push(&mut self.certificates, made)
    }

    pub(super) fn new_certificate(&mut self, name: &str, key_type: KeyType) -> Certificate {
        Certificate {
            pk: self.new_uuid(),
            name: name.to_owned(),
            key_type,
            has_key: true,
            // authentik's own certificates have whole seconds.
            expiry: SystemTime::UNIX_EPOCH
                + Duration::from_secs(time::unix(self.now) + 365 * 24 * 3600),
            managed: None,
        }
    }

    /// Adds a brand that is not the default one and has no flows.
    pub fn add_brand(&mut self, domain: &str) -> &mut Brand {
        let made = self.new_brand(domain);
        push(&mut self.brands, made)
    }

    pub(super) fn new_brand(&mut self, domain: &str) -> Brand {
        Brand {
            brand_uuid: self.new_uuid(),
            domain: domain.to_owned(),
            default: false,
            branding_title: "authentik".to_owned(),
            branding_logo: "/static/dist/assets/icons/icon_left_brand.svg".to_owned(),
            branding_favicon: "/static/dist/assets/icons/icon.png".to_owned(),
            branding_custom_css: String::new(),
            branding_default_flow_background: seed::FLOW_BACKGROUND.to_owned(),
            flow_authentication: None,
            flow_invalidation: None,
            flow_recovery: None,
            flow_unenrollment: None,
            flow_user_settings: None,
            flow_device_code: None,
            default_application: None,
            web_certificate: None,
            client_certificates: Vec::new(),
            attributes: Map::new(),
        }
    }

    /// Adds a group without members, also where the name is taken.
    pub fn add_group(&mut self, name: &str) -> &mut Group {
        let made = self.new_group(name);
        push(&mut self.groups, made)
    }

    pub(super) fn new_group(&mut self, name: &str) -> Group {
        let pk = self.new_uuid();
        // authentik derives it from the UUID, in a range that POSIX leaves free.
        let num_pk = u64::from_str_radix(&pk[..4], 16).unwrap_or(0) + 4000;
        Group {
            pk,
            num_pk,
            name: name.to_owned(),
            is_superuser: false,
            parents: Vec::new(),
            users: Vec::new(),
            attributes: Map::new(),
            roles: Vec::new(),
        }
    }

    /// Adds a role without permissions.
    pub fn add_role(&mut self, name: &str) -> &mut Role {
        let made = self.new_role(name);
        push(&mut self.roles, made)
    }

    pub(super) fn new_role(&mut self, name: &str) -> Role {
        Role {
            pk: self.new_uuid(),
            name: name.to_owned(),
            permissions: BTreeSet::new(),
            users: Vec::new(),
            lost_by: Vec::new(),
        }
    }

    /// Adds an internal, active user.
    pub fn add_user(&mut self, username: &str) -> &mut User {
        let mut made = self.new_user(username);
        made.pk = self.next_user();
        push(&mut self.users, made)
    }

    pub(super) fn new_user(&mut self, username: &str) -> User {
        User {
            pk: 0,
            uuid: self.new_uuid(),
            username: username.to_owned(),
            name: username.to_owned(),
            email: String::new(),
            is_active: true,
            kind: "internal".to_owned(),
            path: "users".to_owned(),
            attributes: Map::new(),
            last_login: None,
            date_joined: self.now,
            password_change_date: self.now,
            last_updated: self.now,
            password: None,
        }
    }

    /// Adds an API token that does not expire.
    pub fn add_token(&mut self, identifier: &str, user: u64) -> &mut Token {
        let made = self.new_token(identifier, user);
        push(&mut self.tokens, made)
    }

    pub(super) fn new_token(&mut self, identifier: &str, user: u64) -> Token {
        Token {
            pk: self.new_uuid(),
            managed: None,
            identifier: identifier.to_owned(),
            key: self.new_key(60).into(),
            intent: "api".to_owned(),
            user,
            description: String::new(),
            expires: None,
            expiring: false,
        }
    }

    /// Adds a provider as the API makes one that is given nothing but a name: confidential, without
    /// redirect URIs, signing key, scope mappings and grant types.
    pub fn add_provider(&mut self, name: &str) -> &mut Provider {
        let mut made = self.new_provider(name);
        made.pk = self.next_provider();
        push(&mut self.providers, made)
    }

    pub(super) fn new_provider(&mut self, name: &str) -> Provider {
        let flow = |slug: &str| {
            self.flows.iter().find(|flow| flow.slug == slug).map_or(String::new(), |f| f.pk.clone())
        };
        let (authorization_flow, invalidation_flow) = (
            flow("default-provider-authorization-implicit-consent"),
            flow("default-provider-invalidation-flow"),
        );
        Provider {
            pk: 0,
            name: name.to_owned(),
            authentication_flow: None,
            authorization_flow,
            invalidation_flow,
            property_mappings: Vec::new(),
            client_type: "confidential".to_owned(),
            client_id: self.new_key(40),
            client_secret: self.new_key(128).into(),
            grant_types: Vec::new(),
            access_code_validity: "minutes=1".to_owned(),
            access_token_validity: "hours=1".to_owned(),
            refresh_token_validity: "days=30".to_owned(),
            refresh_token_threshold: "seconds=0".to_owned(),
            include_claims_in_id_token: true,
            signing_key: None,
            encryption_key: None,
            redirect_uris: Vec::<RedirectUri>::new(),
            logout_uri: String::new(),
            logout_method: "backchannel".to_owned(),
            sub_mode: "hashed_user_id".to_owned(),
            issuer_mode: "per_provider".to_owned(),
            jwt_federation_sources: Vec::new(),
            jwt_federation_providers: Vec::new(),
        }
    }

    /// Adds an application.
    pub fn add_application(
        &mut self,
        name: &str,
        slug: &str,
        provider: Option<u64>,
    ) -> &mut Application {
        let made = self.new_application(name, slug, provider);
        push(&mut self.applications, made)
    }

    pub(super) fn new_application(
        &mut self,
        name: &str,
        slug: &str,
        provider: Option<u64>,
    ) -> Application {
        Application {
            pk: self.new_uuid(),
            name: name.to_owned(),
            slug: slug.to_owned(),
            provider,
            backchannel_providers: Vec::new(),
            open_in_new_tab: false,
            meta_launch_url: String::new(),
            meta_icon: String::new(),
            meta_description: String::new(),
            meta_publisher: String::new(),
            meta_hide: false,
            policy_engine_mode: "any".to_owned(),
            group: String::new(),
        }
    }

    /// Adds an enabled policy binding that names neither group nor user yet.
    pub fn add_policy_binding(&mut self, target: &str) -> &mut PolicyBinding {
        let made = self.new_policy_binding(target);
        push(&mut self.policy_bindings, made)
    }

    pub(super) fn new_policy_binding(&mut self, target: &str) -> PolicyBinding {
        PolicyBinding {
            pk: self.new_uuid(),
            target: target.to_owned(),
            policy: None,
            group: None,
            user: None,
            negate: false,
            enabled: true,
            order: 0,
            timeout: 30,
            failure_result: false,
        }
    }
}

/// Adds and gives back. The vector cannot be empty afterwards.
fn push<T>(to: &mut Vec<T>, item: T) -> &mut T {
    let at = to.len();
    to.push(item);
    &mut to[at]
}
