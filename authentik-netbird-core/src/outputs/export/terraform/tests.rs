use super::*;
use crate::authentik::Token;
use crate::resource::Object;

/// A plan with a kind that has no resource in place of the application, and an update in place of a create.
#[test]
fn what_the_export_leaves_out_is_named() {
    let builder = NetbirdIntegration::builder("https://authentik.company", "netbird.company");
    let version = Version::MAX_TESTED;
    let mut plan = builder.build().unwrap().preview_of(version);
    for operation in &mut plan.operations {
        let Some(write) = &mut operation.write else { continue };
        if operation.id.as_str() == "api-application" {
            *write = Token::API.write("create", None, Body::new());
        } else if write.action() == "name" {
            *write = write.api.update(&1, write.body.clone());
        }
    }
    let hcl = hcl(&plan, version, None, None);
    for line in [
        "# Left out: create application \"netbird-api\", for which this export has no resource.",
        "  target = null /* what api-application creates is left out */",
        "# Left out: update service account \"NetBird\", for which this export has no resource.",
    ] {
        assert!(hcl.contains(&format!("\n{line}\n")), "{line}\n{hcl}");
    }
    assert!(!hcl.contains("resource \"authentik_user\""), "{hcl}");
}
