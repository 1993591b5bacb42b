//! `body_limit = "10 MiB"`: a number of bytes, with the unit it is written in.

use syn::parse::ParseStream;
use syn::{LitInt, LitStr};

use crate::diagnostic::Diagnostics;

const UNITS: &[(&str, u64)] = &[("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

/// A plain number is bytes; text carries its unit.
pub(crate) fn size(input: ParseStream, diagnostics: &mut Diagnostics) -> syn::Result<Option<u64>> {
    if input.peek(LitInt) {
        let number: LitInt = input.parse()?;
        return Ok(diagnostics.keep(number.base10_parse()));
    }
    let text: LitStr = input.parse().map_err(|error| {
        syn::Error::new(error.span(), "`body_limit` takes a size, such as `\"10 MiB\"`")
    })?;
    let size = bytes_of(&text.value());
    if size.is_none() {
        let message = format!(
            "`{}` is not a size: write a whole number and `B`, `KiB`, `MiB` or `GiB`, such as `\"10 MiB\"`",
            text.value()
        );
        diagnostics.blame(&text, message);
    }
    Ok(size)
}

fn bytes_of(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit.trim_start())?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

#[cfg(test)]
mod tests {
    use super::bytes_of;

    #[test]
    fn sizes() {
        assert_eq!(bytes_of("10 MiB"), Some(10 << 20));
        assert_eq!(bytes_of("3GiB"), Some(3 << 30));
        assert_eq!(bytes_of("7 B"), Some(7));
        for wrong in ["", "10", "MiB", "10 MB", "1.5 MiB", "-1 B", "99999999999 GiB", "10 MiB "] {
            assert_eq!(bytes_of(wrong), None, "{wrong}");
        }
    }
}
