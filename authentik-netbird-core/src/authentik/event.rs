//! `/events/events/`

use serde::Deserialize;
use serde_json::Value;

use crate::resource::{Api, Object};

impl Object for LogEvent {
    const API: &'static Api = &Api {
        kind: "event",
        app: "authentik_events",
        model: "event",
        path: "events/events/",
        ..Api::AUTHENTIK
    };
}

/// An entry of authentik's event log.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct LogEvent {
    /// The action, such as `model_updated`.
    pub action: String,
    /// The user who did it.
    #[serde(default)]
    pub user: Value,
    /// To what, and how.
    #[serde(default)]
    pub context: Value,
    /// When, RFC 3339.
    pub created: String,
}

impl LogEvent {
    /// User name of who did it.
    #[must_use]
    pub fn username(&self) -> Option<&str> {
        self.user.get("username")?.as_str()
    }

    /// App, model and primary key of what it happened to. A UUID has no dashes there.
    #[must_use]
    pub fn subject(&self) -> Option<(&str, &str, String)> {
        let model = self.context.get("model")?;
        let text = |field: &str| model.get(field)?.as_str();
        let pk = match model.get("pk")? {
            Value::String(pk) => pk.clone(),
            Value::Number(pk) => pk.to_string(),
            _ => return None,
        };
        Some((text("app")?, text("model_name")?, pk))
    }
}
