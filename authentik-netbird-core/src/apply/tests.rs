use std::time::Instant;

use super::*;
use crate::integration::NetbirdIntegration;

#[test]
fn a_plan_is_fresh_for_half_a_minute() {
    let builder = NetbirdIntegration::builder("https://authentik.company", "netbird.company");
    let mut plan = builder.build().unwrap().preview();
    assert!(!is_fresh(&plan), "from elsewhere");
    plan.freshness.read = Some(Instant::now());
    assert!(is_fresh(&plan));
    plan.freshness.read = Instant::now().checked_sub(PLAN_MAX_AGE + Duration::from_millis(1));
    assert!(!is_fresh(&plan));
}
