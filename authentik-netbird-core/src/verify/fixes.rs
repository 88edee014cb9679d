//! Which failures a plan for the same options fixes: those that one of its operations is about.

use crate::error::{Error, Result};
use crate::issue::excerpt;
use crate::plan::{Operation, Plan};
use crate::report::Verb;
use crate::verify::checks::Checks;
use crate::verify::{Check, CheckName, CheckStatus, Expiry, Verification};

/// The most blockers that a report names; a plan has all of them.
const MAX_BLOCKERS: usize = 3;

/// Kinds of resources, and their fields; none: whatever is done to them.
type Subject = &'static [(&'static str, &'static [&'static str])];

const fn subject(name: CheckName) -> Subject {
    match name {
        CheckName::Discovery => &[("provider", &[]), ("application", &["provider", "slug"])],
        CheckName::Issuer => &[("provider", &["issuer_mode"])],
        CheckName::Client => &[("provider", &["client_id", "client_type", "client_secret"])],
        CheckName::SigningKey => &[("provider", &["signing_key"])],
        CheckName::Encryption => &[("provider", &["encryption_key"])],
        CheckName::SubjectMode => &[("provider", &["sub_mode"])],
        CheckName::Scopes | CheckName::Claims => {
            &[("provider", &["property_mappings", "include_claims_in_id_token"])]
        }
        CheckName::GrantTypes => &[("provider", &["grant_types"])],
        CheckName::RedirectUris => &[("provider", &["redirect_uris"])],
        CheckName::ClientSecret => &[("provider", &["client_secret"])],
        CheckName::IdentityProvider => &[("identity_provider", &[])],
        CheckName::GroupSync => &[
            ("account_settings", &[]),
            ("provider", &["property_mappings"]),
            ("scope_mapping", &["expression"]),
        ],
        CheckName::DeviceAuthorization => &[("provider", &["access_code_validity", "grant_types"])],
        CheckName::DevicePage => &[("brand", &["flow_device_code"]), ("flow", &[])],
        CheckName::ServiceAccount => &[("service_account", &["is_active"])],
        CheckName::AppPassword | CheckName::Token => &[("app_password", &[])],
        CheckName::ApplicationAccess => &[("policy_binding", &[])],
        CheckName::Users => &[
            ("group_membership", &[]),
            ("group", &[]),
            ("role", &[]),
            ("role_permissions", &[]),
            ("provider", &["property_mappings"]),
        ],
        // Nothing of authentik's objects decides these.
        _ => &[],
    }
}

/// Whether an operation does what a failed check asks for.
fn fixes(operation: &Operation, name: CheckName) -> bool {
    let writes = matches!(operation.verb(), Verb::Create | Verb::Update);
    // Management's separate client has a provider and an application of the same kinds.
    let is_of_api_client = operation.id.as_str().starts_with("api-");
    match name {
        CheckName::ApiClient => return writes && is_of_api_client,
        CheckName::ApplicationAccess | CheckName::Users => {}
        _ if is_of_api_client => return false,
        _ => {}
    }
    let is_about = |kind: &str, fields: &[&str]| {
        let is_field = |path: &str| fields.iter().any(|field| path.starts_with(field));
        operation.resource.kind.as_str() == kind
            && match operation.verb() {
                Verb::Create => true,
                Verb::Update => {
                    fields.is_empty() || operation.changes.iter().any(|one| is_field(&one.path))
                }
                // A duplicate.
                Verb::Delete => name == CheckName::IdentityProvider,
                Verb::NoChange | Verb::Read => false,
            }
    };
    subject(name).iter().any(|(kind, fields)| is_about(kind, fields))
}

/// A report, and what decides which of its failures a plan fixes.
pub(crate) struct Findings {
    verification: Verification,
    /// See [`Checks::is_document_missing`].
    is_document_missing: bool,
}

impl Findings {
    /// The report of a mode, on the authentik and the NetBird of these addresses.
    pub(crate) fn of(
        evidence: &impl Checks,
        authentik: &str,
        domain: &str,
        expiries: Vec<Expiry>,
    ) -> Self {
        let verification = Verification {
            authentik_url: authentik.trim_end_matches('/').to_owned(),
            domain: domain.to_owned(),
            checks: evidence.report(),
            expiries,
            blocked: None,
        };
        Self { verification, is_document_missing: evidence.is_document_missing() }
    }

    /// Whether something failed that a plan may fix, and the token shows what a plan needs.
    pub(crate) fn need_plan(&self) -> bool {
        let administration = self.verification.get(CheckName::Administration);
        !self.verification.failures().is_empty()
            && administration
                .is_some_and(|one| matches!(one.status, CheckStatus::Pass | CheckStatus::Warn))
    }

    /// The report, which says for each failure whether this plan for the same options fixes it, and why there is
    /// none; `None`: not planned.
    pub(crate) fn with(mut self, plan: Option<&Result<Plan>>) -> Verification {
        if let Some(plan) = plan {
            add(&mut self.verification, plan, self.is_document_missing);
        }
        self.verification
    }
}

fn add(verification: &mut Verification, plan: &Result<Plan>, is_document_missing: bool) {
    let operations: &[Operation] = match plan {
        Ok(plan) => &plan.operations,
        Err(Error::Blocked { blockers }) => {
            let shown = blockers.iter().take(MAX_BLOCKERS);
            let all: Vec<String> = shown.map(|one| excerpt(&one.to_string(), 400)).collect();
            let more = match blockers.len().saturating_sub(MAX_BLOCKERS) {
                0 => String::new(),
                more => format!(" (and {more} more)"),
            };
            let all = all.join("; ");
            verification.blocked = Some(format!("there is no plan for these options: {all}{more}"));
            &[]
        }
        // Without a plan it is unknown whether it would be fixed.
        Err(_) => return,
    };
    for check in &mut verification.checks {
        if check.status == CheckStatus::Fail {
            // A document that is out of reach is not created.
            let is_within_reach = check.name != CheckName::Discovery || is_document_missing;
            let is_fixed = is_within_reach && operations.iter().any(|one| fixes(one, check.name));
            check.fixed_by_plan = Some(is_fixed);
            if !is_fixed {
                without_plan(check);
            }
        }
    }
}

/// A hint without the advice to apply a plan, which does not help.
fn without_plan(check: &mut Check) {
    let Some(hint) = &mut check.hint else { return };
    let rest = hint.replace(", or apply a plan", "").replace("Apply a plan, or ", "");
    let mut letters = rest.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    *hint = first.unwrap_or_default() + letters.as_str();
}
