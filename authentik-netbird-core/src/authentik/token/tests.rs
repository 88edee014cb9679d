use super::*;

#[test]
fn identifiers_are_slugs_as_django_makes_them() {
    for (username, identifier) in [
        ("NetBird", "service-account-netbird-password"),
        ("sa-noexp", "service-account-sa-noexp-password"),
        ("Net Bird  VPN", "service-account-net-bird-vpn-password"),
        ("net.bird/vpn:1", "service-account-netbirdvpn1-password"),
        ("-net_bird-", "service-account-net_bird-password"),
        ("_net bird_", "service-account-_net-bird_-password"),
        ("!!!", "service-account-password"),
    ] {
        assert_eq!(default_identifier(username).as_str(), identifier);
    }
}
