//! Authorities that the administrator adds to the system's: the file that the policy names, and whether it may be believed.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{PemObject as _, SectionKind};

/// Far more than a company's authorities need.
const LARGEST_FILE: u64 = 256 * 1024;

/// Certificates of authorities that are trusted beside the system's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authorities(Vec<CertificateDer<'static>>);

impl Authorities {
    /// Reads the file that a policy names.
    ///
    /// # Errors
    /// What is wrong with it, for a sentence; the path isn't in it.
    pub fn read(path: &Path) -> Result<Self, String> {
        let wrong = |why: &dyn std::fmt::Display| format!("the file of ExtraCAFile {why}");
        let unreadable = |error: io::Error| wrong(&format_args!("can't be read, {}", error.kind()));
        if !path.is_absolute() {
            return Err(wrong(&"must be named by its whole path"));
        }
        if !only_changed_by(ADMINISTRATOR, path).map_err(unreadable)? {
            return Err(wrong(&"can be changed by others than the administrator"));
        }
        let mut pem = Vec::new();
        let file = File::open(path).map_err(unreadable)?;
        file.take(LARGEST_FILE + 1).read_to_end(&mut pem).map_err(unreadable)?;
        if pem.len() as u64 > LARGEST_FILE {
            return Err(wrong(&"is too large for certificates"));
        }
        Self::parse(&pem).map_err(|why| wrong(&why))
    }

    /// From PEM, RFC 7468: certificates of authorities, at least one, and nothing else but text between them.
    ///
    /// # Errors
    /// What is wrong with it, for a sentence.
    pub fn parse(pem: &[u8]) -> Result<Self, &'static str> {
        let mut certificates = Vec::new();
        for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(pem) {
            let (kind, der) = section.map_err(|_| "is no PEM")?;
            if kind != SectionKind::Certificate {
                return Err("holds something other than certificates");
            }
            if !is_authority(&der) {
                return Err("holds a certificate that isn't an authority's");
            }
            certificates.push(der.into());
        }
        if certificates.is_empty() { Err("holds no certificate") } else { Ok(Self(certificates)) }
    }

    /// The certificates.
    #[must_use]
    pub fn certificates(&self) -> &[CertificateDer<'static>] {
        &self.0
    }
}

/// RFC 5280, 4.2.1.9: without that mark it would vouch for one server, or for nobody.
fn is_authority(der: &[u8]) -> bool {
    x509_parser::parse_x509_certificate(der).is_ok_and(|(rest, certificate)| rest.is_empty() && certificate.is_ca())
}

/// The owner of what only an administrator may change.
const ADMINISTRATOR: u32 = 0;

/// Whether nobody but `owner` and root can change what stands at `path`: neither the file nor a folder or link on the way to it.
#[cfg(unix)]
fn only_changed_by(owner: u32, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;

    /// Write permission of group and others; the sticky bit of a folder where everybody may only touch what is their own.
    const OTHERS_WRITE: u32 = 0o022;
    const STICKY: u32 = 0o1000;

    let target = std::fs::canonicalize(path)?;
    for place in path.ancestors().chain(target.ancestors()) {
        let place = std::fs::symlink_metadata(place)?;
        let theirs = place.uid() != owner && place.uid() != ADMINISTRATOR;
        // A link has no permissions of its own.
        let open = !place.is_symlink() && place.mode() & OTHERS_WRITE != 0;
        if theirs || (open && !(place.is_dir() && place.mode() & STICKY != 0)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Windows' access lists aren't looked at; the administrators' guide says where the file belongs.
#[cfg(not(unix))]
fn only_changed_by(_owner: u32, _path: &Path) -> io::Result<bool> {
    Ok(true)
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};

    use super::*;

    fn certificate(is_ca: IsCa) -> String {
        let mut params = CertificateParams::new(vec!["a.example".to_owned()]).unwrap();
        params.is_ca = is_ca;
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
    }

    fn authority() -> String {
        certificate(IsCa::Ca(BasicConstraints::Unconstrained))
    }

    #[test]
    fn sec_40_authorities_are_read_with_the_words_between_them() {
        let pem = format!("# Acme's own\n{}\n# and its older one\n{}", authority(), authority());
        assert_eq!(Authorities::parse(pem.as_bytes()).unwrap().certificates().len(), 2);
    }

    #[test]
    fn sec_40_whatever_else_stands_there_is_refused_by_name() {
        let key = KeyPair::generate().unwrap().serialize_pem();
        let cut = authority();
        let cut = &cut[..cut.len() / 2];
        let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for (pem, why) in [
            (String::new(), "holds no certificate"),
            ("just words".to_owned(), "holds no certificate"),
            (authority() + &key, "holds something other than certificates"),
            (authority() + &certificate(IsCa::NoCa), "holds a certificate that isn't an authority's"),
            (garbage.to_owned(), "holds a certificate that isn't an authority's"),
            (authority() + cut, "is no PEM"),
            (authority().replace("MII", "M!!"), "is no PEM"),
        ] {
            assert_eq!(Authorities::parse(pem.as_bytes()), Err(why), "{pem}");
        }
    }

    #[test]
    fn the_path_is_whole_and_the_file_of_a_size() {
        assert!(Authorities::read(Path::new("ca.pem")).unwrap_err().contains("must be named by its whole path"));
        let folder = tempfile::tempdir().unwrap();
        let missing = Authorities::read(&folder.path().join("no-such.pem")).unwrap_err();
        assert!(missing.contains("can't be read, entity not found") && !missing.contains("no-such"), "{missing}");
    }

    #[cfg(unix)]
    #[test]
    fn sec_40_what_others_can_change_is_not_believed() {
        use std::fs;
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

        let folder = tempfile::tempdir().unwrap();
        let me = fs::metadata(folder.path()).unwrap().uid();
        let inner = folder.path().join("certificates");
        fs::create_dir(&inner).unwrap();
        let file = inner.join("ca.pem");
        fs::write(&file, authority()).unwrap();
        let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        let believed = || only_changed_by(me, &file).unwrap();
        mode(&inner, 0o755);
        mode(&file, 0o644);
        assert!(believed());
        for (path, open, shut) in [(&file, 0o664, 0o644), (&file, 0o646, 0o644), (&inner, 0o775, 0o755)] {
            mode(path, open);
            assert!(!believed(), "{open:o}");
            mode(path, shut);
        }
        // Through a link, both ways to it count.
        let link = folder.path().join("link.pem");
        symlink(&file, &link).unwrap();
        assert!(only_changed_by(me, &link).unwrap());
        mode(&inner, 0o777);
        assert!(!only_changed_by(me, &link).unwrap());
        // Somebody else's file isn't the administrator's.
        mode(&inner, 0o755);
        if me != ADMINISTRATOR {
            assert!(!only_changed_by(ADMINISTRATOR, &file).unwrap());
            assert!(Authorities::read(&file).unwrap_err().contains("can be changed by others"));
        }
    }

    #[test]
    fn fuzz_authorities() {
        crate::fuzz::target("authorities", |bytes| {
            if let Ok(authorities) = Authorities::parse(bytes) {
                assert!(!authorities.certificates().is_empty());
            }
        });
    }
}
