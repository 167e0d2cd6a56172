//! GUIDs that follow from what they name: the same package built twice is the same package.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::Scope;
use crate::uuids::from_hash;

/// All versions of both packages: what Windows Installer finds older versions by. Never changes.
pub(super) const UPGRADE: &str = "728DAE1E-D1B3-4C7C-A24A-35F71A72FC75";

/// A version. Two builds of one version are one product: Windows Installer would keep both otherwise.
pub(super) fn product(scope: Scope, version: &str) -> Uuid {
    guid(&["product", name(scope), version])
}

/// A part of the installation, which keeps its GUID over all versions.
pub(super) fn component(scope: Scope, what: &str) -> Uuid {
    guid(&["component", name(scope), what])
}

/// A package of exactly this source and these files.
pub(super) fn package<'a>(source: &str, files: impl IntoIterator<Item = &'a [u8]>) -> Uuid {
    let mut hash = Sha256::new_with_prefix(source);
    for file in files {
        hash.update(Sha256::digest(file));
    }
    from_hash(hash.finalize().as_slice())
}

fn name(scope: Scope) -> &'static str {
    match scope {
        Scope::Machine => "machine",
        Scope::Person => "person",
    }
}

fn guid(words: &[&str]) -> Uuid {
    from_hash(Sha256::digest(words.join("\n")).as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_follow_from_scope_and_name() {
        let one = component(Scope::Machine, "gmail-sync-host.exe");
        assert_eq!(one, component(Scope::Machine, "gmail-sync-host.exe"));
        assert_ne!(one, component(Scope::Person, "gmail-sync-host.exe"));
        assert_ne!(product(Scope::Machine, "1.0.0"), product(Scope::Machine, "1.0.1"));
        assert_eq!(one.get_version_num(), 8);
    }

    #[test]
    fn another_file_or_source_makes_another_package() {
        let one = package("a", [&b"x"[..], b"yz"]);
        assert_eq!(one, package("a", [&b"x"[..], b"yz"]));
        assert_ne!(one, package("b", [&b"x"[..], b"yz"]));
        assert_ne!(one, package("a", [&b"xy"[..], b"z"]));
    }
}
