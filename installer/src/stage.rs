//! A package's tree, laid out in a folder: what the tools of Linux packages read.

use std::fs::{self, FileTimes};
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};

use crate::Inputs;
use crate::files::File;

/// A link in a package: `at` points to `to`, both absolute paths on the machine it is installed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where the link is.
    pub at: String,
    /// What it points to.
    pub to: String,
}

/// Lays out `files` and `links` below `root`. Modes are set, whatever the umask; times are left to the packing tools, which
/// clamp them.
///
/// # Errors
/// When a file is missing or can't be written.
pub fn lay_out(inputs: &Inputs, files: &[File], links: &[Link], root: &Path) -> Result<()> {
    make_folder(root)?;
    for file in files {
        let target = place(root, &file.target)?;
        let content = content(inputs, file)?;
        fs::write(&target, content).with_context(|| format!("write {}", target.display()))?;
        fs::set_permissions(&target, fs::Permissions::from_mode(mode(file)))?;
    }
    for link in links {
        let at = place(root, &link.at)?;
        symlink(&link.to, &at).with_context(|| format!("link {}", at.display()))?;
    }
    Ok(())
}

fn mode(file: &File) -> u32 {
    if file.program { 0o755 } else { 0o644 }
}

/// A file's bytes as they go into the package.
pub(crate) fn content(inputs: &Inputs, file: &File) -> Result<Vec<u8>> {
    let source = inputs.locate(&file.source);
    let bytes =
        fs::read(&source).with_context(|| format!("read {}, which {} is made of", source.display(), file.target))?;
    if !file.gzip {
        return Ok(bytes);
    }
    // Without name and time, as `gzip -9n` does and Debian's policy wants.
    let mut packed = GzBuilder::new().write(Vec::new(), Compression::best());
    packed.write_all(&bytes)?;
    Ok(packed.finish()?)
}

/// Gives every file below `folder` the same time, for tools that know no better.
///
/// # Errors
/// When one can't be changed.
pub(crate) fn set_times(folder: &Path, timestamp: u32) -> Result<()> {
    let time = UNIX_EPOCH + Duration::from_secs(timestamp.into());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            set_times(&path, timestamp)?;
        } else {
            fs::File::open(&path)?.set_times(FileTimes::new().set_modified(time).set_accessed(time))?;
        }
    }
    Ok(())
}

/// The place of `path` below `root`, the folder it lies in made.
fn place(root: &Path, path: &str) -> Result<PathBuf> {
    let place = root.join(path.trim_start_matches('/'));
    let mut missing: Vec<_> = place.ancestors().skip(1).take_while(|folder| !folder.exists()).collect();
    missing.reverse();
    for folder in missing {
        make_folder(folder)?;
    }
    Ok(place)
}

fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
    Ok(fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_links_are_laid_out_with_their_modes() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "text").unwrap();
        let inputs = Inputs { project: folder.path().into(), built: "".into(), version: "1".into(), timestamp: 1 };
        let file = |target: &str, program, gzip| File { source: "a".into(), target: target.into(), program, gzip };
        let files = [file("/usr/bin/a", true, false), file("/usr/share/a.gz", false, true)];
        let links = [Link { at: "/etc/opt/a".into(), to: "/usr/share/a.gz".into() }];
        let root = folder.path().join("root");
        lay_out(&inputs, &files, &links, &root).unwrap();
        let mode = |path: &str| fs::metadata(root.join(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("usr/bin/a"), mode("usr/share/a.gz"), mode("usr/share")), (0o755, 0o644, 0o755));
        assert_eq!(fs::read_link(root.join("etc/opt/a")).unwrap(), Path::new("/usr/share/a.gz"));
        let packed = fs::read(root.join("usr/share/a.gz")).unwrap();
        assert_eq!(&packed[..4], [0x1f, 0x8b, 8, 0], "gzip, without a name");
        assert_eq!(&packed[4..8], [0; 4], "without a time");
    }
}
