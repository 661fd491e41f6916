//! Values that a spreadsheet would take for formulas.

use std::borrow::Cow;

/// Puts an apostrophe before a value that a spreadsheet would run as a formula, where `guard` asks for it.
///
/// Plain numbers are left alone: `-2` is a stance and runs nothing.
///
/// # Examples
/// ```
/// use demarche::export::guarded;
/// assert_eq!(guarded("=1+1", true), "'=1+1");
/// assert_eq!(guarded("=1+1", false), "=1+1");
/// assert_eq!(guarded("-2", true), "-2");
/// assert_eq!(guarded("Kyiv", true), "Kyiv");
/// ```
pub fn guarded(value: &str, guard: bool) -> Cow<'_, str> {
    let number =
        || value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.')) && value.parse::<f64>().is_ok();
    if guard && value.starts_with(['=', '+', '-', '@', '\t', '\r']) && !number() {
        Cow::Owned(format!("'{value}"))
    } else {
        Cow::Borrowed(value)
    }
}
