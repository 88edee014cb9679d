//! Reading an integration from a file: every problem at once, unknown fields and wrong types too.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::address::default_launch_url;
use super::{NetbirdIntegration, NetbirdIntegrationBuilder};
use crate::issue::{Issue, excerpt};

impl<'de> Deserialize<'de> for NetbirdIntegration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = BTreeMap::<String, Value>::deserialize(deserializer)?;
        NetbirdIntegrationBuilder::from_fields(fields).build().map_err(D::Error::custom)
    }
}

impl NetbirdIntegrationBuilder {
    /// A builder with the fields of a file, by the names of this builder's methods. Unknown
    /// fields, wrong types and missing ones are reported by [`build`](Self::build), with the rest.
    pub fn from_fields(fields: BTreeMap<String, Value>) -> Self {
        let mut fields = Fields { fields, issues: Vec::new() };
        let mut builder = Self::new(String::new(), String::new());
        fields.required("authentik_url", &mut builder.authentik_url);
        fields.required("domain", &mut builder.domain);
        fields.take("mode", &mut builder.mode);
        fields.take("application_name", &mut builder.application_name);
        fields.take("application_slug", &mut builder.application_slug);
        fields.take_some("application_group", &mut builder.application_group);
        fields.take_some("launch_url", &mut builder.launch_url);
        fields.take("provider_name", &mut builder.provider_name);
        fields.take_some("client_id", &mut builder.client_id);
        fields.take("authorization_flow", &mut builder.authorization_flow);
        fields.take("invalidation_flow", &mut builder.invalidation_flow);
        fields.take("redirect_uris", &mut builder.redirect_uris);
        fields.take("extra_redirect_uris", &mut builder.extra_redirect_uris);
        fields.take_some("signing_key", &mut builder.signing_key);
        fields.take("access_code_validity", &mut builder.access_code_validity);
        fields.take("service_account", &mut builder.service_account);
        fields.take("service_account_name", &mut builder.service_account_name);
        fields.take("access_groups", &mut builder.access_groups);
        fields.take("create_access_groups", &mut builder.create_access_groups);
        fields.take_some("app_password_expires", &mut builder.app_password_expires);
        fields.take("device_flow", &mut builder.device_flow);
        fields.take_some("device_flow_name", &mut builder.device_flow_name);
        fields.take("device_flow_title", &mut builder.device_flow_title);
        fields.take_some("brand", &mut builder.brand);
        fields.take("replace_device_code_flow", &mut builder.replace_device_code_flow);
        fields.take("adopt", &mut builder.adopt);
        fields.take("reverse_proxy", &mut builder.reverse_proxy);
        builder.issues = fields.finish();
        builder
    }
}

impl NetbirdIntegration {
    /// A builder with the fields of this integration, but for those in `changes`, by the names of
    /// the builder's methods. What follows from other fields (the launch URL from the domain, the
    /// flow's name from its slug) follows them still, unless it was set to something else.
    ///
    /// ```
    /// use authentik_netbird_core::NetbirdIntegration;
    ///
    /// let builder = NetbirdIntegration::builder("https://authentik.company", "netbird.company");
    /// let changes = [("domain".to_owned(), "vpn.company".into())].into();
    /// let moved = builder.build()?.with_fields(changes).build()?;
    /// assert_eq!(moved.launch_url(), "https://vpn.company");
    /// # Ok::<(), authentik_netbird_core::Error>(())
    /// ```
    pub fn with_fields(&self, changes: BTreeMap<String, Value>) -> NetbirdIntegrationBuilder {
        // An integration has text keys only, so it always serialises.
        let mut fields: BTreeMap<String, Value> =
            serde_json::to_value(self).and_then(serde_json::from_value).unwrap_or_default();
        if self.launch_url == default_launch_url(&self.domain) {
            fields.remove("launch_url");
        }
        if self.device_flow_name == self.device_flow.as_str() {
            fields.remove("device_flow_name");
        }
        fields.extend(changes);
        NetbirdIntegrationBuilder::from_fields(fields)
    }
}

struct Fields {
    fields: BTreeMap<String, Value>,
    issues: Vec<Issue>,
}

impl Fields {
    fn take<T: DeserializeOwned>(&mut self, name: &str, target: &mut T) {
        let Some(value) = self.fields.remove(name) else { return };
        match T::deserialize(&value) {
            Ok(value) => *target = value,
            Err(error) => {
                let shown = excerpt(&value.to_string(), 60);
                let why = excerpt(&error.to_string(), 200);
                let problem = format!("{shown} is not what it takes ({why})");
                self.issues.push(Issue::new(name, problem, "correct it, or leave it out"));
            }
        }
    }

    fn take_some(&mut self, name: &str, target: &mut Option<String>) {
        self.take(name, target);
    }

    fn required(&mut self, name: &str, target: &mut String) {
        if !self.fields.contains_key(name) {
            self.issues.push(Issue::new(name, "it is missing", "add it"));
        }
        self.take(name, target);
    }

    fn finish(mut self) -> Vec<Issue> {
        for name in self.fields.keys() {
            self.issues.push(Issue::new(
                excerpt(name, 60),
                "there is no such field",
                "check its spelling, or leave it out",
            ));
        }
        self.issues
    }
}
