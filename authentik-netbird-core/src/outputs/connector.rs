//! The settings that NetBird's embedded identity provider needs: for its dashboard, and for NetBird's own migration from a
//! standalone setup.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::outputs::Outputs;
use super::variables::VariableValue;
use crate::secret::Secret;

/// The form "Add Identity Provider" of NetBird's dashboard, with the values to enter. Its `Display` shows
/// stars for the client secret.
///
/// ```
/// use authentik_netbird_core::NetbirdIntegration;
/// use authentik_netbird_core::integration::ModeKind;
/// use authentik_netbird_core::outputs::Outputs;
///
/// let builder = NetbirdIntegration::builder("https://authentik.company", "netbird.company");
/// let integration = builder.mode(ModeKind::Connector).build()?;
/// let form = Outputs::of(&integration, "5JXuw0qD".into()).dashboard_form().expect("a connector");
/// assert!(form.to_string().contains("Issuer         https://authentik.company/application/o/netbird/"));
/// # Ok::<(), authentik_netbird_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DashboardForm {
    /// Label and value of each field, in the form's order.
    pub fields: Vec<(&'static str, VariableValue)>,
}

impl fmt::Display for DashboardForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "In NetBird under Settings > Identity Providers > Add Identity Provider:")?;
        for (label, value) in &self.fields {
            let text = value.text();
            let shown = match &text {
                Some(_) if value.is_secret() => "***",
                Some(text) => text.expose(),
                None => "(not read)",
            };
            writeln!(f, "  {label:13}  {shown}")?;
        }
        Ok(())
    }
}

impl Outputs {
    /// The values to enter in NetBird's dashboard, where its API is not used; `None` in another mode.
    #[must_use]
    pub fn dashboard_form(&self) -> Option<DashboardForm> {
        let connector = self.connector.as_ref()?;
        let text = |text: &str| VariableValue::Text(text.to_owned());
        let secret = connector.client_secret.clone();
        let fields = vec![
            ("Type", text("Authentik")),
            ("Name", text(&connector.name)),
            ("Client ID", text(self.client_id.as_str())),
            ("Client Secret", secret.map_or(VariableValue::SecretUnknown, VariableValue::Secret)),
            ("Issuer", text(&self.issuer())),
        ];
        Some(DashboardForm { fields })
    }

    /// The seed of NetBird's `netbird-idp-migrate`, which moves a standalone NetBird to the embedded identity
    /// provider and keeps its users: base64 of JSON, with the client secret. `None` in another mode, or if the
    /// secret is not known.
    ///
    /// The provider must have the subject mode of the standalone setup, `user_id`, as new ones have.
    #[must_use]
    pub fn migration_seed(&self) -> Option<Secret> {
        let connector = self.connector.as_ref()?;
        let secret = connector.client_secret.as_ref()?;
        let seed = zeroize::Zeroizing::new(
            json!({
                "type": "oidc",
                "name": connector.name,
                "id": "authentik",
                "config": {
                    "issuer": self.issuer(),
                    "clientID": self.client_id,
                    "clientSecret": secret.expose(),
                },
            })
            .to_string(),
        );
        Some(Secret::new(STANDARD.encode(seed.as_bytes())))
    }
}
