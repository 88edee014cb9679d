//! The file form of an integration: a flat map of the options that were set, in JSON or whatever else serde
//! reads.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::fields::Fields;
use super::options::{Connector, Standalone};
use super::{Mode, NetbirdIntegration, NetbirdIntegrationBuilder};

impl Serialize for NetbirdIntegration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("authentik_url", &self.authentik_url)?;
        map.serialize_entry("domain", &self.domain)?;
        map.serialize_entry("mode", &self.mode.kind())?;
        self.common.write(&mut map)?;
        match &self.mode {
            Mode::Standalone(standalone) => standalone.write(&mut map)?,
            Mode::Connector(connector) => connector.write(&mut map)?,
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for NetbirdIntegration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = BTreeMap::<String, Value>::deserialize(deserializer)?;
        NetbirdIntegrationBuilder::from_fields(fields).build().map_err(D::Error::custom)
    }
}

impl NetbirdIntegrationBuilder {
    /// A builder with the options of a file. Unknown options, wrong types and missing ones are reported by
    /// [`build`](Self::build), with the rest.
    pub fn from_fields(fields: BTreeMap<String, Value>) -> Self {
        let mut fields = Fields::new(fields);
        let mut builder = Self::new(String::new(), String::new());
        fields.require("authentik_url", &mut builder.authentik_url);
        fields.require("domain", &mut builder.domain);
        fields.take("mode", &mut builder.mode);
        builder.common.take(&mut fields);
        builder.standalone.take(&mut fields);
        builder.connector.take(&mut fields);
        builder.issues = fields.finish();
        builder
    }
}

impl NetbirdIntegration {
    /// Whether an option was set. The others have their defaults, which are for what is created: an existing
    /// object that is different is left as it is, unless NetBird needs it otherwise.
    #[must_use]
    pub fn is_asked(&self, option: &str) -> bool {
        let of_mode = match &self.mode {
            Mode::Standalone(standalone) => &standalone.asked,
            Mode::Connector(connector) => &connector.asked,
        };
        self.common.asked.contains(option) || of_mode.contains(option)
    }

    /// The value of an option of the table, whether it was set or is the default.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<Value> {
        let of_mode = || match &self.mode {
            Mode::Standalone(standalone) => standalone.value(name),
            Mode::Connector(connector) => connector.value(name),
        };
        match name {
            "authentik_url" => Some(self.authentik_url.as_str().into()),
            "domain" => Some(self.domain.as_str().into()),
            "mode" => serde_json::to_value(self.mode.kind()).ok(),
            // Of an option of another mode: its default.
            _ => self
                .common
                .value(name)
                .or_else(of_mode)
                .or_else(|| Standalone::default().value(name))
                .or_else(|| Connector::default().value(name)),
        }
    }

    /// A builder with the options of this integration, except for those in `changes`.
    ///
    /// ```
    /// use authentik_netbird_core::NetbirdIntegration;
    ///
    /// let builder = NetbirdIntegration::builder("https://authentik.company", "netbird.company");
    /// let changes = [("domain".to_owned(), "vpn.company".into())].into();
    /// let moved = builder.build()?.with_fields(changes).build()?;
    /// assert_eq!(moved.domain(), "vpn.company");
    /// # Ok::<(), authentik_netbird_core::Error>(())
    /// ```
    pub fn with_fields(&self, changes: BTreeMap<String, Value>) -> NetbirdIntegrationBuilder {
        // An integration has text keys only, so it always serialises.
        let mut fields: BTreeMap<String, Value> =
            serde_json::to_value(self).and_then(serde_json::from_value).unwrap_or_default();
        fields.extend(changes);
        NetbirdIntegrationBuilder::from_fields(fields)
    }
}
