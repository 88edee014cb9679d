//! What an integration must fulfil. Every rule adds its issue; none stops the others.

use url::Url;

use super::address::{base_url, default_launch_url, is_host_name};
use super::desired::role_name;
use super::{NetbirdIntegration, NetbirdIntegrationBuilder, ServiceAccount, redirects};
use crate::ids::{ClientId, Slug};
use crate::issue::{Issue, excerpt, excerpt_of_url};
use crate::outputs::{AccountOutputs, Outputs};
use crate::resource::duration_seconds;

/// Longest slug that authentik's flows take.
const MAX_SLUG: usize = 50;
/// Longest user name that authentik takes; a longer one is a server error there.
const MAX_USERNAME: usize = 150;
/// Longest name of a role that authentik takes before 2026.2.
const MAX_ROLE: usize = 150;
/// Longest client id that authentik takes.
const MAX_CLIENT_ID: usize = 255;

pub(super) fn integration(
    builder: NetbirdIntegrationBuilder,
) -> Result<NetbirdIntegration, Vec<Issue>> {
    let mut check = Check { issues: builder.issues };
    let already = |issues: &[Issue], field: &str| issues.iter().any(|issue| issue.field == field);
    let authentik_url = if already(&check.issues, "authentik_url") {
        None
    } else {
        check.authentik_url(&builder.authentik_url)
    };
    let domain = if already(&check.issues, "domain") {
        String::new()
    } else {
        check.domain(&builder.domain)
    };
    let launch_url = builder.launch_url.unwrap_or_else(|| default_launch_url(&domain));
    check.launch_url(&launch_url);
    check.name("application_name", &builder.application_name);
    if let Some(group) = &builder.application_group {
        check.text("application_group", group);
    }
    check.name("provider_name", &builder.provider_name);
    if let Some(client_id) = &builder.client_id {
        check.ascii("client_id", client_id, MAX_CLIENT_ID);
    }
    if let Some(name) = &builder.signing_key {
        check.name("signing_key", name);
    }
    let application_slug = check.slug("application_slug", builder.application_slug);
    let authorization_flow = check.slug("authorization_flow", builder.authorization_flow);
    let invalidation_flow = check.slug("invalidation_flow", builder.invalidation_flow);
    let device_flow = check.slug("device_flow", builder.device_flow);
    for (field, other) in
        [("authorization_flow", &authorization_flow), ("invalidation_flow", &invalidation_flow)]
    {
        if *other == device_flow {
            let problem = format!("it is the {field}, too");
            check.add("device_flow", problem, "name a flow of its own, or leave it out");
        }
    }
    let device_flow_name = builder.device_flow_name.unwrap_or_else(|| device_flow.to_string());
    check.name("device_flow_name", &device_flow_name);
    check.name("device_flow_title", &builder.device_flow_title);
    check.ascii("service_account_name", &builder.service_account_name, MAX_USERNAME);
    check.role(builder.service_account, &builder.service_account_name);
    check.validity(&builder.access_code_validity);
    if let Some(expires) = &builder.app_password_expires {
        check.expires(expires);
    }
    if let Some(brand) = &builder.brand {
        check.name("brand", brand);
    }
    for (index, name) in builder.access_groups.iter().enumerate() {
        let field = format!("access_groups[{index}]");
        check.name(&field, name);
        let before = builder.access_groups[..index].iter().filter(|earlier| *earlier == name);
        // Once, however often it is named.
        if before.count() == 1 && !name.trim().is_empty() {
            check.add(
                &field,
                format!("\"{}\" is named more than once", excerpt(name, 80)),
                "name each group once",
            );
        }
    }
    for (index, uri) in builder.extra_redirect_uris.iter().enumerate() {
        if let Some((problem, hint)) = redirects::problem(uri) {
            check.add(&format!("extra_redirect_uris[{index}]"), problem, hint);
        }
    }
    match authentik_url {
        Some(authentik_url) if check.issues.is_empty() => carried(NetbirdIntegration {
            mode: builder.mode,
            authentik_url,
            domain,
            application_name: builder.application_name,
            application_slug,
            application_group: builder.application_group,
            launch_url,
            provider_name: builder.provider_name,
            client_id: builder.client_id.map(ClientId::from),
            authorization_flow,
            invalidation_flow,
            redirect_uris: builder.redirect_uris,
            extra_redirect_uris: builder.extra_redirect_uris,
            signing_key: builder.signing_key,
            access_code_validity: builder.access_code_validity,
            service_account: builder.service_account,
            service_account_name: builder.service_account_name,
            access_groups: builder.access_groups,
            create_access_groups: builder.create_access_groups,
            app_password_expires: builder.app_password_expires,
            device_flow,
            device_flow_name,
            device_flow_title: builder.device_flow_title,
            brand: builder.brand,
            replace_device_code_flow: builder.replace_device_code_flow,
            adopt: builder.adopt,
            reverse_proxy: builder.reverse_proxy,
        }),
        _ => Err(check.issues),
    }
}

/// Asks whether NetBird's files can carry what of it goes into them.
fn carried(integration: NetbirdIntegration) -> Result<NetbirdIntegration, Vec<Issue>> {
    let client_id = integration.client_id.clone().unwrap_or_else(|| "client-id".into());
    let mut outputs = Outputs::new(
        integration.authentik_url.clone(),
        integration.domain.clone(),
        integration.application_slug.clone(),
        client_id,
    );
    if integration.service_account != ServiceAccount::None {
        outputs.account = Some(AccountOutputs::new(&integration.service_account_name));
    }
    let Err(error) = outputs.netbird_env().check() else { return Ok(integration) };
    let issue = |issue: &Issue| {
        let field = match issue.field.as_str() {
            "NETBIRD_DOMAIN" => "domain",
            "NETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT" => "authentik_url",
            "NETBIRD_AUTH_CLIENT_ID" => "client_id",
            "NETBIRD_IDP_MGMT_EXTRA_USERNAME" => "service_account_name",
            other => other,
        };
        Issue::new(field, &issue.message, &issue.hint)
    };
    Err(error.issues().iter().map(issue).collect())
}

struct Check {
    issues: Vec<Issue>,
}

impl Check {
    fn add(&mut self, field: &str, problem: impl Into<String>, hint: impl Into<String>) {
        self.issues.push(Issue::new(field, problem, hint));
    }

    fn authentik_url(&mut self, text: &str) -> Option<Url> {
        match base_url(text) {
            Ok(url) => Some(url),
            Err((problem, hint)) => {
                self.add("authentik_url", problem, hint);
                None
            }
        }
    }

    fn domain(&mut self, text: &str) -> String {
        let shown = excerpt_of_url(text, 80);
        if text.contains("://") || text.contains('/') {
            self.add("domain", format!("\"{shown}\" is a URL"), "give the host name alone");
        } else if text.contains(':') {
            self.add("domain", format!("\"{shown}\" has a port"), "give the host name alone");
        } else if !is_host_name(text) {
            self.add(
                "domain",
                format!("\"{shown}\" is no host name"),
                "give NetBird's host name, such as netbird.company (for an umlaut its xn-- form)",
            );
        }
        text.to_ascii_lowercase()
    }

    fn launch_url(&mut self, text: &str) {
        let good = Url::parse(text)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some());
        if !good && !self.issues.iter().any(|issue| issue.field == "domain") {
            self.add(
                "launch_url",
                format!("\"{}\" is no URL that authentik takes", excerpt_of_url(text, 80)),
                "write an http or https URL, such as https://netbird.company",
            );
        }
    }

    /// A name: something, on one line.
    fn name(&mut self, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.add(field, "it is empty", "give a name, or leave it out");
        } else {
            self.text(field, text);
        }
    }

    fn text(&mut self, field: &str, text: &str) {
        if text.chars().any(char::is_control) {
            self.add(field, "it has a line break or another control character", "remove it");
        }
        if text.trim() != text {
            // authentik takes it off, and every plan would put it back.
            self.add(field, "it has white space at an end", "remove it, authentik does so, too");
        }
    }

    /// A name in ASCII; what NetBird's files make of it is asked in [`carried`].
    fn ascii(&mut self, field: &str, text: &str, longest: usize) {
        if !text.chars().any(|c| c.is_ascii_alphanumeric()) {
            self.add(field, "it has no letter and no digit", "give one, or leave it out");
        }
        if !text.chars().all(|c| c.is_ascii_graphic() || c == ' ') || text != text.trim() {
            self.add(
                field,
                format!("{:?} has characters that don't travel well", excerpt(text, 60)),
                "use ASCII letters, digits and signs, and no space at the ends",
            );
        }
        let length = text.chars().count();
        if length > longest {
            self.add(
                field,
                format!("it has {length} characters, authentik takes {longest}"),
                "shorten it",
            );
        }
    }

    /// The role of least privilege has the account's name in its own.
    fn role(&mut self, account: ServiceAccount, name: &str) {
        let made = matches!(account, ServiceAccount::UserReader | ServiceAccount::UserDeleter);
        let (longest, length) = (MAX_ROLE + name.len() - role_name(name).len(), name.len());
        if made && length > longest && length <= MAX_USERNAME {
            self.add(
                "service_account_name",
                format!("it has {length} characters, and its role would have a name too long"),
                format!("shorten it to {longest}, or give the account other rights"),
            );
        }
    }

    fn slug(&mut self, field: &str, text: String) -> Slug {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if text.is_empty() || !text.chars().all(allowed) || text.len() > MAX_SLUG {
            self.add(
                field,
                format!("\"{}\" is no slug that authentik takes", excerpt(&text, 60)),
                "use 1 to 50 letters, digits, - and _",
            );
        }
        Slug::from(text)
    }

    fn validity(&mut self, text: &str) {
        if !duration_seconds(text).is_some_and(|seconds| seconds > 0.0) {
            self.add(
                "access_code_validity",
                format!("\"{}\" is no time span", excerpt(text, 60)),
                "write it as authentik does, such as minutes=10 or hours=1;minutes=30",
            );
        }
    }

    fn expires(&mut self, text: &str) {
        if humantime::parse_rfc3339(text).is_err() {
            self.add(
                "app_password_expires",
                format!("\"{}\" is no time", excerpt(text, 60)),
                "write it in UTC, such as 2027-01-31T00:00:00Z",
            );
        }
    }
}
