#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| counterpart_tests::laws::cookies(data));
