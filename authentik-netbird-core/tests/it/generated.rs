//! What is written from the table of options: Python's stubs, Ansible's argument spec and documentation, and
//! the page of options in docs.
//! A file that differs is written anew, and the test fails once: look at the changes and commit them.

use std::fs;
use std::path::Path;

use authentik_netbird_core::integration::{OptionKind, OptionSpec, options};

const BEGIN: &str = "# Generated from the table of options (tests/it/generated.rs). Do not edit.\n";
const MAX_LINE: usize = 100;
const END: &str = "# End of what is generated.\n";

fn is_up_to_date(path: &str, parts: &[String]) -> bool {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    let old = fs::read_to_string(&path).unwrap();
    let mut new = String::new();
    let mut rest = old.as_str();
    for part in parts {
        let (before, after) = rest.split_once(BEGIN).unwrap();
        let indent = &before[before.rfind('\n').unwrap() + 1..];
        let (_, after) = after.split_once(&format!("{indent}{END}")).unwrap();
        new += &format!("{before}{BEGIN}{part}{indent}{END}");
        rest = after;
    }
    new += rest;
    is_same(&path, &old, &new)
}

fn is_same(path: &Path, old: &str, new: &str) -> bool {
    if new != old {
        fs::write(path, new).unwrap();
    }
    new == old
}

fn is_page_up_to_date(path: &str, page: &str) -> bool {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    let old = fs::read_to_string(&path).unwrap_or_default();
    is_same(&path, &old, page)
}

#[test]
fn generated_files_are_up_to_date() {
    let up_to_date = [
        is_up_to_date(
            "authentik-netbird-py/python/authentik_netbird/_native.pyi",
            &[stub_aliases(), stub_class()],
        ),
        is_up_to_date("authentik-netbird-py/python/authentik_netbird/dicts.py", &[typed_dict()]),
        is_up_to_date("examples/ansible/plugins/module_utils/_options.py", &[ansible_spec()]),
        is_up_to_date("examples/ansible/plugins/doc_fragments/integration.py", &[ansible_docs()]),
        is_page_up_to_date("docs/reference/options.md", &options_page()),
    ];
    assert_eq!(up_to_date, [true; 5], "written anew: look at the changes, and run this again");
}

/// The options of Ansible's modules: the connection, and with it authentik's URL, are another fragment's.
fn ansible() -> impl Iterator<Item = &'static OptionSpec> {
    options().filter(|option| option.name != "authentik_url")
}

fn stub_aliases() -> String {
    let alias = |option: &OptionSpec| match option.kind {
        OptionKind::Choice { class, choices } => {
            let union = format!("{class} | Literal[{}]", quoted(choices));
            let line = format!("_{class}: TypeAlias = {union}\n");
            // As ruff formats it.
            let is_long = line.len() > MAX_LINE;
            Some(if is_long { format!("_{class}: TypeAlias = (\n    {union}\n)\n") } else { line })
        }
        _ => None,
    };
    options().filter_map(alias).collect()
}

fn stub_class() -> String {
    let mut new = String::from("    def __new__(\n        cls,\n");
    let mut replace = String::from("    def replace(\n        self,\n        *,\n");
    let mut attributes = String::new();
    for option in options() {
        let (given, got) = stub_types(option);
        let name = option.name;
        if option.required {
            new += &format!("        {name}: {given},\n");
        } else {
            if !new.contains(" *,\n") {
                new += "        *,\n";
            }
            new += &format!("        {name}: {given} = {},\n", python_default(option, "()"));
        }
        replace += &format!("        {name}: {given} = ...,\n");
        let mut doc = wrapped(&format!("\"\"\"{}", option.doc), "        ");
        if !doc.contains('\n') && doc.len() + 11 > MAX_LINE {
            // No room for the quotes at the end.
            let (line, word) = doc.rsplit_once(' ').unwrap();
            doc = format!("{line}\n        {word}");
        }
        let end = if doc.contains('\n') { "\n        " } else { "" };
        attributes +=
            &format!("    @property\n    def {name}(self) -> {got}:\n        {doc}{end}\"\"\"\n");
    }
    format!("{new}    ) -> Self: ...\n{attributes}{replace}{REPLACE}")
}

/// The docstring that the method has at run time, too.
const REPLACE: &str = "    ) -> NetbirdIntegration:
        \"\"\"The same, with these changes.

        Raises:
            InvalidIntegrationError: Every problem at once.
            TypeError: An option that does not exist, or a value of another type.

        >>> from authentik_netbird import NetbirdIntegration
        >>> integration = NetbirdIntegration(\"https://authentik.company\", \"netbird.company\")
        >>> integration.replace(domain=\"vpn.company\").domain
        'vpn.company'
        \"\"\"
";

/// Types of an argument and of an attribute.
fn stub_types(option: &OptionSpec) -> (String, String) {
    let (given, got) = match option.kind {
        OptionKind::Text => ("str", "str"),
        OptionKind::OptionalText => ("str | None", "str | None"),
        OptionKind::OptionalTime => ("datetime | str | None", "datetime | None"),
        OptionKind::Bool => ("bool", "bool"),
        OptionKind::Choice { class, .. } => return (format!("_{class}"), class.to_owned()),
        OptionKind::Texts => ("Sequence[str]", "tuple[str, ...]"),
        OptionKind::RedirectUris => ("Sequence[RedirectUri]", "tuple[RedirectUri, ...]"),
        kind => panic!("{kind:?} has no type in the stubs"),
    };
    (given.to_owned(), got.to_owned())
}

/// The options as JSON has them, but for those that are required.
fn typed_dict() -> String {
    let kind = |option: &OptionSpec| match option.kind {
        OptionKind::Text => "str".to_owned(),
        OptionKind::OptionalText | OptionKind::OptionalTime => "str | None".to_owned(),
        OptionKind::Bool => "bool".to_owned(),
        OptionKind::Choice { choices, .. } => format!("Literal[{}]", quoted(choices)),
        OptionKind::Texts => "list[str]".to_owned(),
        OptionKind::RedirectUris => "list[RedirectUriDict]".to_owned(),
        kind => panic!("{kind:?} has no type in JSON"),
    };
    let options = options().filter(|option| !option.required);
    options.map(|option| format!("    {}: {}\n", option.name, kind(option))).collect()
}

fn python_default(option: &OptionSpec, list: &str) -> String {
    match option.kind {
        OptionKind::Bool => "False".to_owned(),
        OptionKind::Texts | OptionKind::RedirectUris => list.to_owned(),
        _ => option.default.map_or_else(|| "None".to_owned(), |text| format!("{text:?}")),
    }
}

fn quoted(texts: &[&str]) -> String {
    texts.iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", ")
}

fn ansible_spec() -> String {
    let mut spec = String::new();
    for option in ansible() {
        let mut entries = vec![("type", format!("{:?}", ansible_type(option)))];
        match option.kind {
            OptionKind::Choice { choices, .. } => {
                entries.push(("choices", format!("[{}]", quoted(choices))));
            }
            OptionKind::Texts => entries.push(("elements", "\"str\"".to_owned())),
            OptionKind::RedirectUris => {
                entries.push(("elements", "\"dict\"".to_owned()));
                entries.push(("options", "REDIRECT_URI".to_owned()));
            }
            _ => {}
        }
        if option.required {
            entries.push(("required", "True".to_owned()));
        }
        // No defaults: what a playbook leaves out is not asked for.
        // Ansible takes such names for secrets.
        if ["key", "password"].iter().any(|word| option.name.contains(word)) {
            entries.push(("no_log", "False".to_owned()));
        }
        let entries: Vec<_> =
            entries.iter().map(|(name, value)| format!("{name:?}: {value}")).collect();
        let line = format!("    {:?}: {{{}}},\n", option.name, entries.join(", "));
        // As ruff formats it.
        spec += &if line.len() > MAX_LINE {
            format!(
                "    {:?}: {{\n        {},\n    }},\n",
                option.name,
                entries.join(",\n        ")
            )
        } else {
            line
        };
    }
    spec
}

fn ansible_type(option: &OptionSpec) -> &'static str {
    match option.kind {
        OptionKind::Bool => "bool",
        OptionKind::Texts | OptionKind::RedirectUris => "list",
        _ => "str",
    }
}

fn ansible_docs() -> String {
    let mut docs = String::new();
    for option in ansible().filter(|option| !option.required) {
        let name = option.name;
        let text = wrapped(&ansible_markup(option), "        ");
        docs += &format!("  {name}:\n    description:\n      - {text}\n");
        docs += &format!("    type: {}\n", ansible_type(option));
        match option.kind {
            OptionKind::Choice { choices, .. } => {
                docs += &format!("    choices: [{}]\n", choices.join(", "));
            }
            OptionKind::Texts => docs += "    elements: str\n",
            OptionKind::RedirectUris => docs += "    elements: dict\n",
            _ => {}
        }
        if option.kind == OptionKind::RedirectUris {
            docs += REDIRECT_URI_DOCS;
        }
    }
    docs
}

const REDIRECT_URI_DOCS: &str = "    suboptions:
      url:
        description: The URI, or a regular expression that must match the whole URI.
        type: str
        required: true
      matching_mode:
        description: How authentik compares it.
        type: str
        choices: [strict, regex]
        default: strict
";

/// The page of options: a table for each guide step, in the order of the table.
fn options_page() -> String {
    let mut page = String::from(
        "<!-- Generated from the table of options (tests/it/generated.rs). Do not edit. -->\n\
         # Options\n\n\
         Every surface has the same options. The command writes them with dashes (`--application-slug`); a\n\
         configuration file, Python, Ansible and Rust's builder write them with underscores.\n",
    );
    let step = |option: &OptionSpec| {
        option.guide.map_or_else(|| "Integration".to_owned(), |step| step.to_string())
    };
    let mut headings: Vec<String> = Vec::new();
    for heading in options().map(step) {
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    for heading in headings {
        page += &format!(
            "\n## {heading}\n\n| option | type | default | meaning |\n|---|---|---|---|\n"
        );
        for option in options().filter(|option| step(option) == heading) {
            page += &row(option);
        }
    }
    page
}

fn row(option: &OptionSpec) -> String {
    let kind = match option.kind {
        OptionKind::Text | OptionKind::OptionalText => "text".to_owned(),
        OptionKind::OptionalTime => "time".to_owned(),
        OptionKind::Bool => "boolean".to_owned(),
        OptionKind::Choice { choices, .. } => {
            choices.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ")
        }
        OptionKind::Texts => "list of texts".to_owned(),
        OptionKind::RedirectUris => "list of redirect URIs".to_owned(),
        kind => panic!("{kind:?} has no name on the page"),
    };
    let default = match (option.required, option.default, option.kind) {
        (true, ..) => "required".to_owned(),
        (_, Some(text), _) => format!("`{text}`"),
        (_, None, OptionKind::Bool) => "`false`".to_owned(),
        (_, None, _) => "none".to_owned(),
    };
    let doc = option.doc.replace('|', "\\|");
    format!("| `{}` | {kind} | {default} | {doc} |\n", option.name)
}

/// A text whose lines after the first one have this indentation.
fn wrapped(text: &str, indent: &str) -> String {
    let mut wrapped = String::new();
    let mut length = indent.len();
    for word in text.split(' ') {
        if length + word.len() >= MAX_LINE {
            wrapped += &format!("\n{indent}{word}");
            length = indent.len() + word.len();
        } else {
            let space = if wrapped.is_empty() { "" } else { " " };
            wrapped += &format!("{space}{word}");
            length += space.len() + word.len();
        }
    }
    wrapped
}

/// The documentation of an option as text of YAML, with Ansible's markup in place of backticks.
fn ansible_markup(option: &OptionSpec) -> String {
    let choices = match option.kind {
        OptionKind::Choice { choices, .. } => choices,
        _ => &[],
    };
    let mut text = String::new();
    for (index, part) in option.doc.split('`').enumerate() {
        text += &match index % 2 {
            0 => part.to_owned(),
            _ if options().any(|option| option.name == part) => format!("O({part})"),
            _ if choices.contains(&part) => format!("V({part})"),
            _ => format!("C({part})"),
        };
    }
    if let Some(default) = option.default {
        text += &format!(" The default is V({default}).");
    }
    // In YAML a colon before a space would begin a mapping.
    if text.contains(": ") { format!("\"{text}\"") } else { text }
}
