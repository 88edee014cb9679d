#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    authentik_netbird_properties::url(bytes);
});
