//! Changing JSON by its structure: values, types, nulls, depth, lengths, encodings, doubled keys,
//! numbers beyond everything.

use serde_json::{Map, Value, json};

use super::Choices;

/// What serde_json cannot say is put in as a text that begins with this, and replaced in the end.
const RAW: &str = "\u{f8ff}raw";
/// The beginning of a key that is there already.
const DOUBLED: &str = "\u{f8ff}twice";

/// No JSON, or none that serde_json would write, in the place of a value.
const RAWS: &[&[u8]] = &[
    b"1e400",
    b"-1e400",
    b"123456789012345678901234567890",
    b"-0",
    b"1.0",
    b"1e2",
    b"0x10",
    b"NaN",
    b"\"\\ud800\"",
    b"\"\\u0000\"",
    b"\"\xff\xfe\"",
    b"\"\xc3\"",
    b"'text'",
    b"",
    b"{\"a\":1,\"a\":2}",
    b"[1,]",
    b"// \n1",
];

/// Whole numbers at the ends of what types hold.
const NUMBERS: &[i64] =
    &[0, 1, -1, 2, 255, 256, 65_536, i32::MAX as i64, u32::MAX as i64, i64::MIN, i64::MAX];

/// How many bytes of JSON one change adds as copies.
const LONGEST_COPIES: usize = 100_000;

/// The document as bytes, with some changes; without choices, as it was.
pub fn mutated(document: &Value, choices: &mut Choices<'_>) -> Vec<u8> {
    if choices.is_over() {
        return document.to_string().into_bytes();
    }
    let mut changed = document.clone();
    for _ in 0..=choices.below(4) {
        change(&mut changed, document, choices);
    }
    let mut bytes = rendered(&changed);
    damage(&mut bytes, choices);
    bytes
}

/// Somewhere in a value.
fn somewhere<'a>(mut value: &'a mut Value, choices: &mut Choices<'_>) -> &'a mut Value {
    loop {
        let is_empty = match value {
            Value::Object(fields) => fields.is_empty(),
            Value::Array(values) => values.is_empty(),
            _ => true,
        };
        if is_empty || choices.below(8) == 7 {
            return value;
        }
        value = match value {
            Value::Object(fields) => {
                let at = choices.below(fields.len());
                fields.values_mut().nth(at).expect("there are as many")
            }
            Value::Array(values) => {
                let at = choices.below(values.len());
                &mut values[at]
            }
            _ => return value,
        };
    }
}

fn change(document: &mut Value, original: &Value, choices: &mut Choices<'_>) {
    let target = somewhere(document, choices);
    // Half of it leaves the shape as it is: what cannot be decoded goes no further.
    match choices.below(30) {
        0 => *target = Value::Null,
        1 => *target = json!(choices.below(2) == 1),
        2 => *target = json!(choices.pick(NUMBERS)),
        3 => *target = json!(u64::MAX),
        4 => *target = raw(choices.below(RAWS.len())),
        5 => *target = json!(choices.text(12)),
        6 => *target = json!(choices.text(300)),
        7 => *target = json!("x".repeat(choices.below(20_000))),
        8 => *target = json!([]),
        9 => *target = json!({}),
        10 => *target = nested(choices.below(300)),
        // Another value of the same document.
        11 | 12 => *target = somewhere(&mut original.clone(), choices).clone(),
        13 => {
            let text = target.to_string();
            *target = json!(text);
        }
        14 => *target = json!([target.clone()]),
        _ => inside(target, choices),
    }
}

/// Takes out, doubles, or renames what is in a value.
fn inside(target: &mut Value, choices: &mut Choices<'_>) {
    match target {
        Value::Object(fields) if !fields.is_empty() => {
            let at = choices.below(fields.len());
            let (name, value) = fields.iter().nth(at).expect("there are as many");
            let (name, value) = (name.clone(), value.clone());
            match choices.below(4) {
                0 => {
                    fields.remove(&name);
                }
                1 => {
                    fields.insert(format!("{DOUBLED}{name}"), value);
                }
                2 => {
                    fields.insert(format!("{DOUBLED}{name}"), json!(choices.text(8)));
                }
                _ => {
                    fields.insert(choices.text(20), value);
                }
            }
        }
        Value::Array(values) if !values.is_empty() => {
            let at = choices.below(values.len());
            match choices.below(4) {
                0 => {
                    values.remove(at);
                }
                1 => values.push(values[at].clone()),
                2 => values.swap(0, at),
                _ => {
                    // Copies of copies of copies soon fill the memory.
                    let fit = LONGEST_COPIES / values[at].to_string().len();
                    for _ in 0..choices.below(200).min(fit) {
                        values.push(values[at].clone());
                    }
                }
            }
        }
        Value::String(text) => match choices.below(4) {
            0 => text.push_str(&choices.text(6)),
            1 => text.insert_str(0, &choices.text(6)),
            2 => *text = text.to_uppercase(),
            _ => {
                text.pop();
            }
        },
        other => *other = json!({"value": other.clone()}),
    }
}

fn raw(number: usize) -> Value {
    json!(format!("{RAW}{number:02}"))
}

fn nested(depth: usize) -> Value {
    let mut value = Value::Null;
    for level in 0..depth {
        value = if level % 2 == 0 {
            json!([value])
        } else {
            Value::Object(Map::from_iter([("a".to_owned(), value)]))
        };
    }
    value
}

fn rendered(document: &Value) -> Vec<u8> {
    let text = document.to_string().replace(DOUBLED, "");
    let mut bytes = Vec::with_capacity(text.len());
    for (index, part) in text.split(&format!("\"{RAW}")).enumerate() {
        let number = part.get(..2).and_then(|number| number.parse::<usize>().ok());
        match number.filter(|_| index > 0) {
            Some(number) => {
                bytes.extend_from_slice(RAWS[number % RAWS.len()]);
                bytes.extend_from_slice(part.get(3..).unwrap_or_default().as_bytes());
            }
            None => bytes.extend_from_slice(part.as_bytes()),
        }
    }
    bytes
}

/// What a bad line does.
fn damage(bytes: &mut Vec<u8>, choices: &mut Choices<'_>) {
    match choices.below(64) {
        1 => bytes.truncate(choices.below(bytes.len() + 1)),
        2 if !bytes.is_empty() => {
            let at = choices.below(bytes.len());
            bytes[at] ^= 1 << choices.below(8);
        }
        3 => bytes.splice(0..0, *b"\xef\xbb\xbf").for_each(drop),
        4 => bytes.extend_from_slice(b"\n{}"),
        5 => *bytes = bytes.iter().flat_map(|byte| [*byte, 0]).collect(),
        6 => bytes.splice(0..0, *b")]}',\n").for_each(drop),
        _ => {}
    }
}
