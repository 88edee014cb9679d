//! Checks on the fields of a body, with the texts of Django REST framework.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::time;

pub(super) const REQUIRED: &str = "This field is required.";
pub(super) const NOT_NULL: &str = "This field may not be null.";
pub(super) const NOT_BLANK: &str = "This field may not be blank.";
pub(super) const UNIQUE: &str = "This field must be unique.";
const SLUG: &str = "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.";
const TIME: &str = "Datetime has wrong format. Use one of these formats instead: \
                    YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";

/// Field errors, by field.
pub(super) type Errors = Map<String, Value>;

/// The fields of a body, and what is wrong with them.
///
/// Each method takes the value of one field. `None` means: not sent, or wrong and noted; then the
/// object keeps what it has.
pub(super) struct Form<'a> {
    fields: &'a Map<String, Value>,
    /// Whether required fields may be absent: in a PATCH.
    partial: bool,
    errors: Errors,
}

/// How a text field is checked.
#[derive(Clone, Copy, Default)]
pub(super) struct Rule {
    required: bool,
    blank: bool,
    max: Option<usize>,
}

impl Rule {
    pub(super) const REQUIRED: Self = Self { required: true, blank: false, max: None };
    pub(super) const OPTIONAL: Self = Self { required: false, blank: false, max: None };

    pub(super) const fn max(mut self, max: usize) -> Self {
        self.max = Some(max);
        self
    }

    pub(super) const fn or_blank(mut self) -> Self {
        self.blank = true;
        self
    }
}

impl<'a> Form<'a> {
    pub(super) fn new(fields: &'a Map<String, Value>, partial: bool) -> Self {
        Self { fields, partial, errors: Errors::new() }
    }

    pub(super) fn error(&mut self, field: &str, text: &str) {
        self.errors.entry(field).or_insert_with(|| json!([text]));
    }

    pub(super) fn errors(&mut self, field: &str, errors: Value) {
        self.errors.entry(field).or_insert(errors);
    }

    pub(super) fn finish(self) -> Result<(), Errors> {
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors) }
    }

    /// As [`Self::finish`], where an answer is due at once.
    pub(super) fn check(self) -> Result<(), Answer> {
        self.finish().map_err(|errors| bad_request(&errors))
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    /// The raw value; notes it if it is required and absent, or null.
    pub(super) fn value(&mut self, field: &str, required: bool) -> Option<&'a Value> {
        match self.fields.get(field) {
            None => {
                if required && !self.partial {
                    self.error(field, REQUIRED);
                }
                None
            }
            Some(Value::Null) => {
                self.error(field, NOT_NULL);
                None
            }
            Some(value) => Some(value),
        }
    }

    pub(super) fn text(&mut self, field: &str, rule: Rule) -> Option<String> {
        let text = match self.value(field, rule.required)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => {
                self.error(field, "Not a valid string.");
                return None;
            }
        };
        if text.is_empty() && !rule.blank {
            self.error(field, NOT_BLANK);
        } else if text.contains('\0') {
            self.error(field, "Null characters are not allowed.");
        } else if let Some(max) = rule.max.filter(|max| text.chars().count() > *max) {
            self.error(field, &format!("Ensure this field has no more than {max} characters."));
        } else {
            return Some(text);
        }
        None
    }

    /// A slug. `curly` is for the fields where 2026.5 prints other quotation marks.
    pub(super) fn slug(&mut self, field: &str, max: usize, curly: bool) -> Option<String> {
        let slug = self.text(field, Rule::REQUIRED.max(max))?;
        if slug.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
            return Some(slug);
        }
        let text = if curly {
            SLUG.replacen('"', "“", 1).replacen('"', "”", 1)
        } else {
            SLUG.to_owned()
        };
        self.error(field, &text);
        None
    }

    pub(super) fn choice(
        &mut self,
        field: &str,
        required: bool,
        choices: &[&str],
    ) -> Option<String> {
        let value = self.value(field, required)?;
        let word = value.as_str().filter(|word| choices.contains(word)).map(str::to_owned);
        if word.is_none() {
            self.error(field, &not_a_choice(value));
        }
        word
    }

    pub(super) fn flag(&mut self, field: &str) -> Option<bool> {
        let value = self.value(field, false)?;
        let flag = match value {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) => match number.as_i64() {
                Some(0) => Some(false),
                Some(1) => Some(true),
                _ => None,
            },
            Value::String(text) => match text.to_lowercase().as_str() {
                "true" | "t" | "yes" | "y" | "on" | "1" => Some(true),
                "false" | "f" | "no" | "n" | "off" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        };
        if flag.is_none() {
            self.error(field, "Must be a valid boolean.");
        }
        flag
    }

    pub(super) fn integer(&mut self, field: &str, required: bool) -> Option<i64> {
        let value = self.value(field, required)?;
        let number = match value {
            Value::String(text) => text.trim().parse().ok(),
            other => other.as_i64(),
        };
        if number.is_none() {
            self.error(field, "A valid integer is required.");
        }
        number
    }

    pub(super) fn duration(&mut self, field: &str) -> Option<String> {
        let text = self.text(field, Rule::OPTIONAL)?;
        if time::duration(&text).is_none() {
            let problem = format!("{text} is not in the correct format of 'hours=3;minutes=1'.");
            self.error(field, &problem);
            return None;
        }
        Some(text)
    }

    pub(super) fn time(&mut self, field: &str) -> Option<SystemTime> {
        let value = self.value(field, false)?;
        let time = value.as_str().and_then(time::parse);
        if time.is_none() {
            self.error(field, TIME);
        }
        time
    }

    /// A time, or null.
    pub(super) fn time_or_null(&mut self, field: &str, place: &mut Option<SystemTime>) {
        if self.fields.get(field) == Some(&Value::Null) {
            *place = None;
        } else if let Some(time) = self.time(field) {
            *place = Some(time);
        }
    }

    pub(super) fn map(&mut self, field: &str) -> Option<Map<String, Value>> {
        let map = self.value(field, false)?.as_object().cloned();
        if map.is_none() {
            self.error(field, "Value must be a dictionary.");
        }
        map
    }

    /// The UUID of another object that must exist.
    pub(super) fn key(
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
    pub(super) fn key_or_null(
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
    pub(super) fn keys(
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
    pub(super) fn number_or_null(
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
    pub(super) fn numbers(
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

    pub(super) fn list(&mut self, field: &str, required: bool) -> Option<&'a Vec<Value>> {
        match self.value(field, required)? {
            Value::Array(items) => Some(items),
            other => {
                self.error(field, &not_a_list(other));
                None
            }
        }
    }
}

pub(super) fn bad_request(errors: &Errors) -> Answer {
    Answer::json(400, &Value::Object(errors.clone()))
}

pub(super) fn not_a_list(value: &Value) -> String {
    format!("Expected a list of items but got type \"{}\".", python_type(value))
}

pub(super) fn not_a_choice(value: &Value) -> String {
    let word = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    format!("\"{word}\" is not a valid choice.")
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

/// Reads a UUID as Python does: dashes, braces and `urn:uuid:` do not matter.
pub(super) fn uuid(text: &str) -> Option<String> {
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

pub(super) fn python_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}
