use super::*;

#[test]
fn names_display_as_written_and_cannot_control_a_terminal() {
    let shown = |name: &str| Resource::new(ResourceKind::new("group"), name).to_string();
    assert_eq!(shown("Köln's VPN"), "group \"Köln's VPN\"");
    assert_eq!(shown("a \"b\"\u{1b}[31m"), "group \"a \\\"b\\\"\\u{1b}[31m\"");
}

#[test]
fn enums_parse_from_the_texts_that_json_has() {
    use crate::error::{BlockerKind, ErrorKind};
    use crate::integration::{
        ApiClientMigration, GuideStep, ModeKind, RedirectUris, ServiceAccount,
    };
    use crate::outputs::FileChangeKind;
    use crate::plan::{AppPasswordExpiry, Purpose, WarningKind};
    use crate::report::Verb;
    use crate::verify::{CheckName, CheckStatus};

    fn check<T>(values: &[T])
    where
        T: Serialize + PartialEq + fmt::Debug + std::str::FromStr<Err = ParseEnumError>,
        T: for<'a> TryFrom<&'a str, Error = ParseEnumError>,
    {
        for value in values {
            let json = serde_json::to_value(value).unwrap();
            let text = json.as_str().unwrap();
            assert_eq!(text.parse::<T>().as_ref(), Ok(value));
            assert_eq!(T::try_from(text).as_ref(), Ok(value));
        }
        for wrong in ["", "nope", "\u{1b}[31m", "null"] {
            let error = wrong.parse::<T>().unwrap_err().to_string();
            assert!(
                error.starts_with("unknown variant `") && error.contains("expected"),
                "{error}"
            );
            assert!(!error.contains(char::is_control), "{error:?}");
        }
    }

    check(&[Server::Authentik, Server::Netbird]);
    check(&[BlockerKind::Missing, BlockerKind::UnsupportedVersion]);
    check(&[ErrorKind::PermissionDenied, ErrorKind::Verification]);
    check(&[ApiClientMigration::None, ApiClientMigration::RemoveScope]);
    check(&[GuideStep::Application, GuideStep::DeviceFlowInUse]);
    check(&[ModeKind::Standalone]);
    check(&[RedirectUris::Recommended, RedirectUris::AsInGuide]);
    check(&[ServiceAccount::None, ServiceAccount::UserReader]);
    check(&[FileChangeKind::Created, FileChangeKind::Unchanged]);
    check(&[AppPasswordExpiry::Keep, AppPasswordExpiry::Never]);
    check(&[Purpose::SetUp, Purpose::TearDown]);
    check(&[WarningKind::ApiScope, WarningKind::Rotation]);
    check(&[Verb::Create, Verb::NoChange]);
    check(CheckName::ALL);
    check(CheckStatus::ALL);
    assert_eq!(ServiceAccount::UserReader.to_string(), "user_reader");
}
