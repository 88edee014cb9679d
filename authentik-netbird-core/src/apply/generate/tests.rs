use std::collections::BTreeSet;

use super::*;

#[test]
fn passwords_are_long_of_letters_and_digits_and_never_repeat() {
    let generated: BTreeSet<String> =
        (0..200).map(|_| generate().unwrap().expose().to_owned()).collect();
    assert_eq!(generated.len(), 200);
    assert!(generated.iter().all(|one| one.len() == LENGTH));
    let used: BTreeSet<u8> = generated.iter().flat_map(|one| one.bytes()).collect();
    assert_eq!(used, ALPHABET.iter().copied().collect(), "each character is in use");
}
