//! Reading a file: as bash does, or the line that is in the way.

use authentik_netbird_core::ErrorKind;
use authentik_netbird_core::outputs::parse_setup_env;

use super::{parsed, sourced};

#[test]
fn values_are_what_bash_has_or_unknown() {
    for (text, value) in [
        ("A=x", "x"),
        ("export A='x y' # why", "x y"),
        ("A=\"x\"'y'\\ z;", "xy z"),
        ("A='two\nlines'", "two\nlines"),
        ("A=x\\\ny", "xy"),
        ("A={a,b}*?[c]", "{a,b}*?[c]"),
        ("B=b\nA=$B-${B}c\"$B\"'$B'\\$B", "b-bcb$B$B"),
        ("A=x\nB=$A\nA=y\nA+=$B", "yx"),
        ("A=\"$\" ", "$"),
        ("A=\\$'x\\'", "$x\\"),
        ("B=$(echo $'it\\'s' '\\' )\nA=1", "1"),
        ("A=x\\", "x\\"),
        ("A=1\nset -e\nA=2", "2"),
        ("A=$B", "?"),
        ("A=${B:-x}", "?"),
        ("B=1\nA=$(echo \"$B ')'\" '\"' )", "?"),
        ("A=`echo \\` x`", "?"),
        ("A=$'x\\'y'", "?"),
        ("A=~/x", "?"),
        ("A=(x y)", "?"),
        ("A=$((1 << 2))", "?"),
        ("A=1\n[ -n \"$B\" ] || A=2", "?"),
        ("A=1\nread -r A <<< x", "?"),
        ("A=1\nunset A", "?"),
        ("A=1; B=2", "1"),
        ("B=1 A='x y'", "x y"),
        ("export B=1 A=2;", "2"),
        ("B=1\nB=2; A=$B", "?"),
        ("A=1 B=2\nA=$B", "2"),
        ("A=1; A+=2", "?"),
        ("A=1; export", "?"),
        ("A=1 >/dev/null", "?"),
        ("A=1\n[ -n \"$A\" ]", "1"),
        ("A=1\nexport A B", "1"),
    ] {
        assert_eq!(parsed(text)["A"], value, "{text}");
        if value != "?" {
            assert_eq!(sourced(text, &["A"]).unwrap()[0].as_deref(), Some(value), "{text}");
        }
    }
}

#[test]
fn a_line_that_bash_or_we_cannot_read_is_named() {
    for (text, line, message) in [
        ("A=1\nB = 2\n", 2, "spaces around the = of B"),
        ("A=1\nexport B =2\n", 2, "spaces around the = of B"),
        ("B= 2\n", 1, "the value of B has a space"),
        ("B=two words\n", 1, "the value of B has a space"),
        ("\u{feff}A=1\n", 1, "byte order mark"),
        ("A=1\n\u{a0}B=2\n", 2, "begins with U+00A0"),
        ("A=1\n\u{feff}B=2\n", 2, "begins with U+FEFF"),
        ("A=1\n“B”=2\n", 2, "begins with U+201C"),
        ("A=1\nB=2\r\n", 2, "Windows line end"),
        ("A=1\0\n", 1, "NUL"),
        ("A=1\nB='never closed\n", 2, "never closed"),
        ("A=1\n\nB=\"never\nclosed\n", 3, "never closed"),
        ("A=$(never closed\n", 1, "never closed"),
        ("cat <<E\nA=x\nE\n", 1, "here-document"),
        ("A=1\nif true\nthen\n  A=x\nfi\n", 2, "not followed"),
        ("f() {\nA=x\n}\n", 1, "not followed"),
        ("(\nA=x\n)\n", 1, "not followed"),
        ("false &&\nA=x\n", 1, "not followed"),
        ("case x in\na) A=y;;\nesac\n", 1, "not followed"),
    ] {
        let error = parse_setup_env(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidOutputs);
        let found = error.issues().iter().any(|issue| {
            issue.field == format!("setup.env line {line}") && issue.message.contains(message)
        });
        assert!(found, "{text}{error}");
    }
    let several = parse_setup_env("A = 1\r\nB = 2\n").unwrap_err();
    assert_eq!(several.issues().len(), 3, "{several}");
}

#[test]
fn nesting_without_end_is_refused_and_does_not_overflow() {
    for opening in ["$(", "\"$(", "${", "$(`"] {
        let error = parse_setup_env(&format!("A={}", opening.repeat(100_000))).unwrap_err();
        assert!(error.to_string().contains("nested") || opening.contains('`'), "{error}");
    }
}
