use super::*;

#[test]
fn a_list_is_bounded_in_pages_bytes_and_time() {
    use UnexpectedResponseKind::{Endless, TooLarge};
    assert_eq!(exceeded(MAX_PAGES - 1, MAX_LIST, MAX_LIST_TIME), None);
    let limit = MAX_LIST;
    assert_eq!(exceeded(2, MAX_LIST + 1, Duration::ZERO), Some(TooLarge { limit }));
    assert_eq!(exceeded(MAX_PAGES, 0, Duration::ZERO), Some(Endless { pages: MAX_PAGES }));
    let late = MAX_LIST_TIME + Duration::from_millis(1);
    assert_eq!(exceeded(2, 0, late), Some(Endless { pages: 2 }));
}
