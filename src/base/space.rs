//! White space in a text.

/// Draws white space together: one space between words, none at the edges.
///
/// ```
/// assert_eq!(demarche::base::space::flat(" The envoys\n\tmet. "), "The envoys met.");
/// ```
pub fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
