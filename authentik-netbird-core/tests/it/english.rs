//! Wordings that readers stumble over, in sources, documentation and what is shown to users. What can
//! be found by a pattern is found here; the rest is up to reviews.

use std::fs;
use std::path::{Path, PathBuf};

use regex_lite::Regex;

/// A word that is in it, a pattern, and what to write in its place.
const AVOIDED: [(&str, &str, &str); 35] = [
    ("due", r"\b(was|were|is|are) due\b", "expected"),
    ("lack", r"\black(s|ed|ing)?\b", "is missing"),
    ("wanted", r"\bas wanted\b", "up to date"),
    ("letter", r"\bto the letter\b", "exactly"),
    (
        "own",
        r"\bof (its|their|his|her|your|our|one's) own([^ a-z]|$| (so|that|which|until|where|in|to)\b)",
        "separate",
    ),
    (" do", r"\b(won't|will) do[.;:,)]", "is accepted; is not valid"),
    ("let", r"\b(lets? in|letting in|lets? (them|people|everyone) in)\b", "allow, give access"),
    ("mend", r"\bmend(s|ed|ing)?\b", "fix"),
    ("hoever", r"\b[Ww]hoever\b", "anyone who, somebody"),
    ("esides", r"\b[Bb]esides\b", "apart from, also"),
    ("no more", r#"\bno more([.;:)"]|$)"#, "no longer"),
    ("then", r"\bthen[.;]", "in that case, afterwards"),
    ("look", r"\b(a|one|another|each) look( into| showed|[.,;])", "read, check"),
    ("told", r"\b(is|are|was|were|be|been) told\b", "report"),
    ("tell", r"\btells? (of|that)\b", "report"),
    (
        "That ",
        r#"(^|[.!?] |"|//[/!] |# |- )That (is|was|are|keeps|leaves|makes|shows|means|needs|takes) "#,
        "This, or the actor",
    ),
    ("want of", r"\b(in|at|for) want of\b", "without"),
    ("What ", r#"[a-z0-9`)"'\]_*][.;!]\*{0,2} What [a-z][^?]*$"#, "the actor, an object that"),
    ("Who ", r#"[a-z0-9`)"'\]_*][.;!]\*{0,2} Who [a-z][^?]*$"#, "the actor, anyone who"),
    (
        "me of",
        r"\b(became|becomes?|came|comes?) of (a|an|the|each|every|one|it|them|its)\b",
        "the result of",
    ),
    ("me to nothing", r"\bcomes? to nothing\b|\bcame to nothing\b", "fail"),
    (" the same", r"\ball the same\b", "still, anyway"),
    ("but for", r"\bbut for\b", "except"),
    ("ome ", r"\b[Ss]ome [0-9]", "about"),
    ("else than", r"\belse than\b", "other than"),
    (
        " of ",
        r"\b(is|are) of (another (server|client|issuer|format|type|host)|the type)\b",
        "has another, is for another",
    ),
    ("say", r"\bsays? of (it|them|a|an|the|its|another)\b", "says about"),
    ("goes on", r"\bgoes on (using|with|without|until|unless)\b", "keeps, continues"),
    ("is none of", r"\bis none of\b", "is not one of"),
    ("there", r"\b(is|are|was|were) there[.,;)]|\bwhat is there\b", "exists"),
    ("here", r"\b(here|there|where)(of|by|in|upon|with|to|from)\b", "of it, by which"),
    ("hence", r"\b[TtWw]?hence\b", "so, from there"),
    ("anew", r"\banew\b", "again"),
    ("lest", r"\blest\b", "so that not"),
    ("upon", r"\bupon\b", "on"),
];
/// `X is no Y`, but for "there is no Y", "is no longer" and the like.
const IS_NO: &str = r#"(\w+)?[ "`*]*\b(is|are|was|were) no ([A-Za-z]+)"#;

/// Folders and files that are read; tests have names of their own.
const READ: [&str; 16] = [
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "authentik-netbird-core/README.md",
    "authentik-netbird-core/src",
    "authentik-netbird-py/README.md",
    "authentik-netbird-py/python",
    "authentik-netbird-py/src",
    "authentik-simulator/README.md",
    "authentik-simulator/src",
    "docs",
    "examples",
    ".github",
    "deny.toml",
];
const ENDINGS: [&str; 7] = ["md", "rs", "py", "pyi", "yml", "yaml", "toml"];

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if matches!(name, "tests" | "tests.rs" | "LICENSES" | "__pycache__") {
        return;
    }
    if path.is_dir() {
        let mut inside: Vec<PathBuf> =
            fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        inside.sort();
        for path in inside {
            files(&path, found);
        }
    } else if path.extension().is_some_and(|ending| ENDINGS.iter().any(|one| ending == *one)) {
        found.push(path.to_owned());
    }
}

/// What a text should not say, with what to write in its place.
fn avoided(line: &str, patterns: &[Pattern], is_no: &Regex) -> Vec<String> {
    let found = patterns.iter().filter_map(|(word, pattern, better)| {
        // Many times as fast as the pattern alone.
        let found = line.contains(word).then(|| pattern.find(line))??;
        Some(format!("\"{}\": write {better}", found.as_str().trim()))
    });
    let line = if line.contains(" no ") { line } else { "" };
    let said = is_no.captures_iter(line).filter(|one| {
        // At the beginning of a line the word before is not known.
        let before = one.get(1).map_or("there", |word| word.as_str()).to_lowercase();
        let after = &one[3];
        before != "there" && !["longer", "more", "need", "one", "such", "other"].contains(&after)
    });
    let said = said.map(|one| format!("\"{}\": write is not a", one[0].trim()));
    found.chain(said).collect()
}

/// Public items of Rust, and docstrings of Python, that begin with a question word, by the numbers of their lines.
/// A noun says more: "The purpose of a plan" instead of "What a plan is for".
fn questions(text: &str) -> Vec<usize> {
    let asks = |text: &str| ["What ", "Who "].iter().any(|word| text.starts_with(word));
    let mut begun = None;
    let mut found = Vec::new();
    for (number, line) in text.lines().map(str::trim_start).enumerate() {
        if line.strip_prefix("\"\"\"").is_some_and(asks) {
            found.push(number + 1);
        } else if let Some(documented) = line.strip_prefix("/// ") {
            begun = begun.or(Some((number + 1, asks(documented))));
        } else if !line.starts_with("///") && !line.starts_with("#[") {
            let is_public = line.starts_with("pub ");
            found.extend(begun.take().filter(|one| one.1 && is_public).map(|one| one.0));
        }
    }
    found
}

type Pattern = (&'static str, Regex, &'static str);

fn patterns() -> (Vec<Pattern>, Regex) {
    let patterns = AVOIDED
        .iter()
        .map(|(word, pattern, better)| (*word, Regex::new(pattern).unwrap(), *better));
    (patterns.collect(), Regex::new(IS_NO).unwrap())
}

#[test]
fn texts_avoid_wordings_that_readers_stumble_over() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut read = Vec::new();
    for path in READ {
        files(&root.join(path), &mut read);
    }
    assert!(read.len() > 250, "{} files", read.len());
    let (patterns, is_no) = patterns();
    let mut found = String::new();
    for path in read {
        let text = fs::read_to_string(&path).unwrap();
        // Unit tests are at the end.
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        // The command's modules are nobody's to import.
        if !path.components().any(|folder| folder.as_os_str() == "cli") {
            let path = path.strip_prefix(&root).unwrap().display();
            for number in questions(text) {
                found += &format!("{path}:{number}: begins with What or Who: write a noun\n");
            }
        }
        for (number, line) in text.lines().enumerate() {
            for what in avoided(line, &patterns, &is_no) {
                let path = path.strip_prefix(&root).unwrap().display();
                found += &format!("{path}:{}: {what}\n", number + 1);
            }
        }
    }
    assert!(found.is_empty(), "see CONTRIBUTING.md:\n{found}");
}

#[test]
fn what_is_avoided_is_found_and_nothing_else() {
    let (patterns, is_no) = patterns();
    for wrong in [
        "a str was due, not int",
        "the token lacks a permission",
        "0 as wanted",
        "asks it, to the letter, and says",
        "on a line of its own, as",
        "either will do.",
        "everyone is let in",
        "fix the pattern: mend it",
        "Whoever stops waiting",
        "what it is used for besides NetBird",
        "users log in through it no more",
        "nothing was written then.",
        "done: create it (a look showed it)",
        "NetBird is told of the groups",
        "/// That is an error",
        "\"authentik.company\" is no URL",
        "where it is no secret",
        "are kept. What something else uses is",
        "`x`; Who has it may log in",
        "/// What became of each operation",
        "a command that came to nothing",
        "need https all the same:",
        "everyone but for its owner",
        "some 12 minutes",
        "Some 170 requests",
        "reads it as something else than what is meant",
        "The integration is of another server than the client.",
        "what the file says of the issuer",
        "NetBird goes on using the old one",
        "is none of its words",
        "an object that is there, and",
        "the text thereof",
        "environment, hence the delegation",
        "written anew, lest it be lost",
    ] {
        assert_ne!(avoided(wrong, &patterns, &is_no), Vec::<String>::new(), "{wrong}");
    }
    for right in [
        "there is no URL",
        "There is no plan, and there are no others",
        "it is no longer used",
        "one of its own requests",
        "a black box",
        "the same, then the other",
        "one of another server",
        "lacks_unique_key: true",
        "Done. What next? Who knows?",
        "what it comes with",
        "there is a place, and there are others",
        "/// What a plan changes.",
    ] {
        assert_eq!(avoided(right, &patterns, &is_no), Vec::<String>::new(), "{right}");
    }
}

#[test]
fn documentation_that_begins_with_a_question_word_is_found() {
    let wrong = "/// What a plan is for.\n///\n/// More.\n#[derive(Debug)]\npub enum Purpose {}\n";
    assert_eq!(questions(wrong), [1]);
    assert_eq!(questions(&wrong.replace("What a plan is for", "The purpose of a plan")), [0; 0]);
    assert_eq!(questions("kind: str\n\"\"\"What it is about.\"\"\"\n"), [2]);
    assert_eq!(questions("kind: str\n\"\"\"The kind.\"\"\"\n"), [0; 0]);
    assert_eq!(questions(&wrong.replace("pub enum", "pub(crate) enum")), [0; 0]);
    assert_eq!(
        questions("/// The plan.\n/// What it is for is in it.\npub struct Plan;\n"),
        [0; 0]
    );
}
