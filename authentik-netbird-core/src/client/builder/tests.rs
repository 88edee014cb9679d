use super::*;

#[test]
fn the_header_is_marked_so_that_no_layer_shows_or_indexes_it() {
    let builder = ClientBuilder::new("https://authentik.company").token(" ak-token\n");
    let (header, token) = authorization(Server::Authentik, builder.token.as_ref()).unwrap();
    assert!(header.is_sensitive() && token.expose() == "ak-token");
}
