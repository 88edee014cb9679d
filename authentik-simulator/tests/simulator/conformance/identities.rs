//! Which recorded id, key or token stands for which simulated one.

use std::collections::BTreeMap;

use serde_json::Value;

/// What a number is the key of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    User,
    Provider,
}

/// Pairs that were seen in answers.
#[derive(Default)]
pub(crate) struct Identities {
    texts: BTreeMap<String, String>,
    numbers: BTreeMap<(Kind, u64), u64>,
}

impl Identities {
    /// Notes a pair; an error if the recorded one stands for another already.
    pub(crate) fn learn(&mut self, recorded: &str, simulated: &str) -> Result<(), String> {
        if recorded.is_empty() || simulated.is_empty() {
            return if recorded == simulated { Ok(()) } else { Err("one is empty".to_owned()) };
        }
        match self.texts.get(recorded) {
            Some(known) if known != simulated => Err(format!("was {known} before")),
            _ => {
                self.texts.insert(recorded.to_owned(), simulated.to_owned());
                Ok(())
            }
        }
    }

    /// Notes a pair whatever was known: keys change.
    pub(crate) fn relearn(&mut self, recorded: &str, simulated: &str) {
        self.texts.insert(recorded.to_owned(), simulated.to_owned());
    }

    pub(crate) fn learn_number(
        &mut self,
        kind: Kind,
        recorded: u64,
        simulated: u64,
    ) -> Result<(), String> {
        match self.numbers.insert((kind, recorded), simulated) {
            Some(known) if known != simulated => Err(format!("was {known} before")),
            _ => Ok(()),
        }
    }

    /// Exchanges everything recorded in a text. Longer pairs first: one may contain another.
    pub(crate) fn text(&self, recorded: &str) -> String {
        if let Some(known) = self.texts.get(recorded) {
            return known.clone();
        }
        let mut pairs: Vec<_> = self
            .texts
            .iter()
            .filter(|(text, _)| text.len() >= 8 && recorded.contains(*text))
            .collect();
        pairs.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        pairs.into_iter().fold(recorded.to_owned(), |text, (old, new)| text.replace(old, new))
    }

    pub(crate) fn number(&self, kind: Kind, recorded: u64) -> u64 {
        self.numbers.get(&(kind, recorded)).copied().unwrap_or(recorded)
    }

    /// Exchanges ids in a path.
    pub(crate) fn path(&self, recorded: &str) -> String {
        let text = self.text(recorded);
        let (path, query) =
            text.split_once('?').map_or((text.as_str(), None), |(p, q)| (p, Some(q)));
        let mut segments: Vec<String> = path.split('/').map(str::to_owned).collect();
        for at in 1..segments.len() {
            let kind = match segments[at - 1].as_str() {
                "users" => Kind::User,
                "oauth2" => Kind::Provider,
                _ => continue,
            };
            if let Ok(number) = segments[at].parse() {
                segments[at] = self.number(kind, number).to_string();
            }
        }
        let path = segments.join("/");
        query.map_or(path.clone(), |query| format!("{path}?{query}"))
    }

    /// Exchanges ids in a body.
    pub(crate) fn body(&self, recorded: &Value) -> Value {
        self.value(None, recorded)
    }

    fn value(&self, key: Option<&str>, recorded: &Value) -> Value {
        match recorded {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.value(key, item)).collect(),
            Value::Object(fields) => {
                let fields = fields.iter();
                Value::Object(fields.map(|(k, v)| (k.clone(), self.value(Some(k), v))).collect())
            }
            Value::Number(number) => {
                // `pk` in a body is only ever a user's.
                let kind = match key {
                    Some("user" | "users" | "pk") => Kind::User,
                    Some("provider") => Kind::Provider,
                    _ => return recorded.clone(),
                };
                number.as_u64().map_or(recorded.clone(), |n| self.number(kind, n).into())
            }
            _ => recorded.clone(),
        }
    }
}
