use super::*;

#[test]
fn an_app_password_looks_like_one() {
    let key = "Ab3".repeat(20);
    assert!(looks_like_app_password(&key));
    for other in ["", "Account-Passw0rd", &key[1..], &format!("{}!", &key[1..])] {
        assert!(!looks_like_app_password(other), "{other}");
    }
}
