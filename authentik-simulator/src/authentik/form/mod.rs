//! Checks on the fields of a body, with the texts of Django REST framework.

mod references;

use std::time::SystemTime;

use serde_json::{Map, Value, json};

pub(crate) use self::references::uuid;

use super::time;
use crate::host::Response;

pub(crate) const REQUIRED: &str = "This field is required.";
pub(crate) const NOT_NULL: &str = "This field may not be null.";
pub(crate) const NOT_BLANK: &str = "This field may not be blank.";
pub(crate) const UNIQUE: &str = "This field must be unique.";
const SLUG: &str = "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.";
const TIME: &str = "Datetime has wrong format. Use one of these formats instead: \
                    YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";

/// Field errors, by field.
pub(crate) type Errors = Map<String, Value>;

/// The fields of a body, and what is wrong with them.
///
/// Each method takes the value of one field. `None` means: not sent, or wrong and noted; then the
/// object keeps what it has.
pub(crate) struct Form<'a> {
    fields: &'a Map<String, Value>,
    /// Whether required fields may be absent: in a PATCH.
    partial: bool,
    errors: Errors,
}

/// How a text field is checked.
#[derive(Clone, Copy, Default)]
pub(crate) struct Rule {
    required: bool,
    blank: bool,
    max: Option<usize>,
}

impl Rule {
    pub(crate) const REQUIRED: Self = Self { required: true, blank: false, max: None };
    pub(crate) const OPTIONAL: Self = Self { required: false, blank: false, max: None };

    pub(crate) const fn max(mut self, max: usize) -> Self {
        self.max = Some(max);
        self
    }

    pub(crate) const fn or_blank(mut self) -> Self {
        self.blank = true;
        self
    }
}

impl<'a> Form<'a> {
    pub(crate) fn new(fields: &'a Map<String, Value>, partial: bool) -> Self {
        Self { fields, partial, errors: Errors::new() }
    }

    pub(crate) fn error(&mut self, field: &str, text: &str) {
        self.errors.entry(field).or_insert_with(|| json!([text]));
    }

    pub(crate) fn errors(&mut self, field: &str, errors: Value) {
        self.errors.entry(field).or_insert(errors);
    }

    pub(crate) fn finish(self) -> Result<(), Errors> {
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors) }
    }

    /// As [`Self::finish`], where an answer is needed at once.
    pub(crate) fn check(self) -> Result<(), Response> {
        self.finish().map_err(|errors| bad_request(&errors))
    }

    pub(crate) fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    /// The raw value; notes it if it is required and absent, or null.
    pub(crate) fn value(&mut self, field: &str, required: bool) -> Option<&'a Value> {
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

    pub(crate) fn text(&mut self, field: &str, rule: Rule) -> Option<String> {
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
    pub(crate) fn slug(&mut self, field: &str, max: usize, curly: bool) -> Option<String> {
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

    pub(crate) fn choice(
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

    pub(crate) fn flag(&mut self, field: &str) -> Option<bool> {
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

    pub(crate) fn integer(&mut self, field: &str, required: bool) -> Option<i64> {
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

    pub(crate) fn duration(&mut self, field: &str) -> Option<String> {
        let text = self.text(field, Rule::OPTIONAL)?;
        if time::duration(&text).is_none() {
            let problem = format!("{text} is not in the correct format of 'hours=3;minutes=1'.");
            self.error(field, &problem);
            return None;
        }
        Some(text)
    }

    pub(crate) fn time(&mut self, field: &str) -> Option<SystemTime> {
        let value = self.value(field, false)?;
        let time = value.as_str().and_then(time::parse);
        if time.is_none() {
            self.error(field, TIME);
        }
        time
    }

    /// A time, or null.
    pub(crate) fn time_or_null(&mut self, field: &str, place: &mut Option<SystemTime>) {
        if self.fields.get(field) == Some(&Value::Null) {
            *place = None;
        } else if let Some(time) = self.time(field) {
            *place = Some(time);
        }
    }

    pub(crate) fn map(&mut self, field: &str) -> Option<Map<String, Value>> {
        let map = self.value(field, false)?.as_object().cloned();
        if map.is_none() {
            self.error(field, "Value must be a dictionary.");
        }
        map
    }

    pub(crate) fn list(&mut self, field: &str, required: bool) -> Option<&'a Vec<Value>> {
        match self.value(field, required)? {
            Value::Array(items) => Some(items),
            other => {
                self.error(field, &not_a_list(other));
                None
            }
        }
    }
}

pub(crate) fn bad_request(errors: &Errors) -> Response {
    Response::json(400, &Value::Object(errors.clone()))
}

pub(crate) fn not_a_list(value: &Value) -> String {
    format!("Expected a list of items but got type \"{}\".", python_type(value))
}

pub(crate) fn not_a_choice(value: &Value) -> String {
    let word = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    format!("\"{word}\" is not a valid choice.")
}

pub(crate) fn python_type(value: &Value) -> &'static str {
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
