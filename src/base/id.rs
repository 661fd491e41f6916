//! Ids derived from content: the same input has the same ids on every machine.

/// Hashes the parts into an id of 16 lower-case hexadecimal digits (BLAKE3, shortened to 64 bits).
///
/// Each part is preceded by its length, so that no two lists of parts run together.
pub fn content_id(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex()[..16].to_string()
}

#[cfg(test)]
mod tests {
    use super::content_id;

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(content_id(&["ab", "c"]), content_id(&["a", "bc"]));
        assert_eq!(content_id(&["ab", "c"]), content_id(&["ab", "c"]));
        assert_eq!(content_id(&[]).len(), 16);
    }
}
