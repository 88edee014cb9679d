use proptest::prelude::*;

use super::*;

fn at(milliseconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH
        + Duration::from_secs(1_795_392_000)
        + Duration::from_millis(milliseconds)
}

#[test]
fn dates_are_read_as_http_writes_them() {
    assert_eq!(http_date("Mon, 23 Nov 2026 00:00:01 GMT"), Some(at(1_000)));
    for text in ["", "Mon, 23 Nov 2026 00:00:01", "Monday, 23-Nov-26 00:00:01 GMT", "x, y GMT"] {
        assert_eq!(http_date(text), None, "{text}");
    }
}

proptest! {
    /// A server whose clock is off by so many milliseconds, asked over a slow or fast way.
    #[test]
    fn what_is_found_is_never_more_than_there_is(
        offset in -100_000_i64..100_000, sent in 1_000_000_u64..2_000_000, way in 0_u64..20_000,
        back in 0_u64..20_000,
    ) {
        let there = (sent + way).saturating_add_signed(offset);
        let date = at(there / 1_000 * 1_000);
        let reading = Reading { date, sent: at(sent), received: at(sent + way + back) };
        let found = difference(&[reading]);
        let real = Duration::from_millis(offset.unsigned_abs());
        let nothing = Duration::ZERO;
        if offset >= 0 {
            prop_assert!(found.ahead <= real && found.behind == nothing);
            // And it is found, but for the way back and the fraction of a second.
            prop_assert!(found.ahead + Duration::from_millis(back + 1_000) >= real);
        } else {
            prop_assert!(found.behind <= real && found.ahead == nothing);
            prop_assert!(found.behind + Duration::from_millis(way + 1_000) >= real);
        }
    }
}
