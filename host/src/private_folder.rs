//! A folder that only its owner can enter.

use std::fs;
use std::io;
use std::path::Path;

/// Makes a folder inside of one that is there, unless it is there itself. What is gone around it stays gone.
pub(crate) fn make_inside(folder: &Path) -> io::Result<()> {
    match for_the_owner(&mut fs::DirBuilder::new()).create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// So that nobody else can enter what is made. On Windows the folder around it sees to that.
fn for_the_owner(builder: &mut fs::DirBuilder) -> &mut fs::DirBuilder {
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(builder, 0o700);
    builder
}

/// Makes a folder, and those above it. One that others could enter is closed to them.
#[cfg(unix)]
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    for_the_owner(fs::DirBuilder::new().recursive(true)).create(folder)?;
    if fs::metadata(folder)?.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Makes a folder, and those above it. One that others could enter is closed to them.
///
/// Below the person's own profile, Windows lets nobody else in by default, and nothing is changed. Anywhere else a folder has
/// the rights of the one around it.
#[cfg(windows)]
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    if access::admits_others(folder)? { access::close(folder) } else { Ok(()) }
}

#[cfg(windows)]
mod access {
    use std::io;
    use std::path::Path;

    use windows_permissions::constants::{AceFlags, AceType, SeObjectType, SecurityInformation};
    use windows_permissions::utilities::current_process_sid;
    use windows_permissions::wrappers::{GetNamedSecurityInfo, SetNamedSecurityInfo};
    use windows_permissions::{Ace, Acl, LocalBox, SecurityDescriptor};

    /// The person, Windows itself and the administrators, who could take ownership anyway, may do everything, with what is in
    /// the folder too; rights of the folder around it don't count.
    /// <https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format>
    fn closed() -> io::Result<LocalBox<SecurityDescriptor>> {
        format!("D:P(A;OICI;FA;;;{})(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)", current_process_sid()?).parse()
    }

    /// Whether anybody but those has any right there. A folder without a list is everybody's.
    /// <https://learn.microsoft.com/windows/win32/secauthz/null-dacls-and-empty-dacls>
    pub(super) fn admits_others(folder: &Path) -> io::Result<bool> {
        let closed = closed()?;
        let found = GetNamedSecurityInfo(folder, SeObjectType::SE_FILE_OBJECT, SecurityInformation::Dacl)?;
        let (Some(closed), Some(found)) = (closed.dacl(), found.dacl()) else { return Ok(true) };
        Ok(entries(found).any(|entry| admits(entry) && !entries(closed).any(|own| own.sid() == entry.sid())))
    }

    pub(super) fn close(folder: &Path) -> io::Result<()> {
        let what = SecurityInformation::Dacl | SecurityInformation::ProtectedDacl;
        SetNamedSecurityInfo(folder, SeObjectType::SE_FILE_OBJECT, what, None, None, closed()?.dacl(), None)
    }

    fn entries(list: &Acl) -> impl Iterator<Item = &Ace> {
        (0..list.len()).filter_map(|index| list.get_ace(index))
    }

    /// Whether an entry gives somebody a right to the folder itself.
    fn admits(entry: &Ace) -> bool {
        entry.ace_type() == AceType::ACCESS_ALLOWED_ACE_TYPE && !entry.flags().contains(AceFlags::InheritOnly)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn it_is_the_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let folder = tempfile::tempdir().unwrap();
        let new = folder.path().join("x/y");
        make(&new).unwrap();
        assert_eq!(mode(&new), 0o700);
        let open = folder.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
        make(&open).unwrap();
        assert_eq!(mode(&open), 0o700);
        let inside = new.join("z");
        make_inside(&inside).unwrap();
        assert_eq!(mode(&inside), 0o700);
    }

    #[test]
    fn inside_of_nothing_nothing_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let gone = folder.path().join("gone");
        assert_eq!(make_inside(&gone.join("x")).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert!(!gone.exists());
        for _ in 0..2 {
            make_inside(&gone).unwrap();
        }
        assert!(gone.is_dir());
    }

    #[cfg(windows)]
    #[test]
    fn it_is_the_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        // Wine makes every folder so that everybody may enter, and takes the rights of the one around into account, whatever it is
        // told: these two lie where nobody may, as a Windows profile does.
        assert!(access::admits_others(folder.path()).unwrap());
        make(folder.path()).unwrap();
        assert!(!access::admits_others(folder.path()).unwrap());
        let new = folder.path().join("Ordner für \u{1f600}");
        make(&new).unwrap();
        assert!(!access::admits_others(&new).unwrap());
        fs::write(new.join("file"), "x").unwrap();
        assert_eq!(fs::read_to_string(new.join("file")).unwrap(), "x");
    }
}
