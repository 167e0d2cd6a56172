//! UUIDs that follow from what they stand for, so that the same thing has the same one in every build.

use uuid::{Builder, Uuid};

/// Version 8, for bytes of one's own making (RFC 9562, section 5.8), from the first 16 of a hash.
pub(crate) fn from_hash(hash: &[u8]) -> Uuid {
    Builder::from_custom_bytes(std::array::from_fn(|at| hash[at])).into_uuid()
}
