//! Fields that name other objects, by UUID or by number.

use serde_json::Value;

use super::{Form, NOT_NULL, python_type};

impl Form<'_> {
    /// The UUID of another object that must exist.
    pub(crate) fn key(
        &mut self,
        field: &str,
        required: bool,
        exists: impl Fn(&str) -> bool,
    ) -> Option<String> {
        match known(self.value(field, required)?, exists) {
            Ok(Some(key)) => Some(key),
            Ok(None) => {
                self.error(field, NOT_NULL);
                None
            }
            Err(text) => {
                self.error(field, &text);
                None
            }
        }
    }

    /// The same, or null.
    pub(crate) fn key_or_null(
        &mut self,
        field: &str,
        place: &mut Option<String>,
        exists: impl Fn(&str) -> bool,
    ) {
        match self.fields.get(field).map(|value| known(value, exists)) {
            None => {}
            Some(Ok(key)) => *place = key,
            Some(Err(text)) => self.error(field, &text),
        }
    }

    /// A list of UUIDs of objects that must exist.
    pub(crate) fn keys(
        &mut self,
        field: &str,
        exists: impl Fn(&str) -> bool,
    ) -> Option<Vec<String>> {
        let mut keys = Vec::new();
        for item in self.list(field, false)? {
            match known(item, &exists) {
                Ok(Some(key)) => keys.push(key),
                Ok(None) => {
                    self.error(field, NOT_NULL);
                    return None;
                }
                Err(text) => {
                    self.error(field, &text);
                    return None;
                }
            }
        }
        Some(keys)
    }

    /// The number of another object that must exist, or null.
    pub(crate) fn number_or_null(
        &mut self,
        field: &str,
        place: &mut Option<u64>,
        exists: impl Fn(u64) -> bool,
    ) {
        match self.fields.get(field) {
            None => {}
            Some(Value::Null) => *place = None,
            Some(value) => match known_number(value, exists) {
                Ok(number) => *place = Some(number),
                Err(text) => self.error(field, &text),
            },
        }
    }

    /// A list of such numbers.
    pub(crate) fn numbers(
        &mut self,
        field: &str,
        exists: impl Fn(u64) -> bool,
    ) -> Option<Vec<u64>> {
        let mut numbers = Vec::new();
        for item in self.list(field, false)? {
            match known_number(item, &exists) {
                Ok(number) => numbers.push(number),
                Err(text) => {
                    self.error(field, &text);
                    return None;
                }
            }
        }
        Some(numbers)
    }
}

fn known(value: &Value, exists: impl Fn(&str) -> bool) -> Result<Option<String>, String> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::String(text) if text.is_empty() => return Ok(None),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let key = uuid(&text).ok_or_else(|| format!("“{text}” is not a valid UUID."))?;
    if exists(&key) { Ok(Some(key)) } else { Err(unknown(&text)) }
}

fn known_number(value: &Value, exists: impl Fn(u64) -> bool) -> Result<u64, String> {
    let number = match value {
        Value::String(text) => text.trim().parse::<i64>().ok(),
        other => other.as_i64(),
    };
    let number = number.ok_or_else(|| {
        format!("Incorrect type. Expected pk value, received {}.", python_type(value))
    })?;
    let found = u64::try_from(number).ok().filter(|number| exists(*number));
    found.ok_or_else(|| unknown(&number.to_string()))
}

fn unknown(key: &str) -> String {
    format!("Invalid pk \"{key}\" - object does not exist.")
}

/// Reads a UUID as Python does, with or without dashes, braces and `urn:uuid:`.
pub(crate) fn uuid(text: &str) -> Option<String> {
    let hex: String = text
        .replace("urn:", "")
        .replace("uuid:", "")
        .trim_matches(['{', '}'])
        .replace('-', "")
        .to_lowercase();
    let fits = hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| {
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    })
}
