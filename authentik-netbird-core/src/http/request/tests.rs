use super::*;

#[test]
fn an_id_that_leads_elsewhere_is_found() {
    let is_invalid = |path: &str| {
        Request::get(Resource::server("test"), Vec::new(), path.to_owned()).has_invalid_id()
    };
    for path in ["core/tokens/../view_key/", "core/users/./", "core/groups//", "..", "a/..?b=c"] {
        assert!(is_invalid(path), "{path}");
    }
    for path in ["core/tokens/a..b/", "core/tokens/...", "core/users/7/", "core/users/?a=/../"] {
        assert!(!is_invalid(path), "{path}");
    }
}
