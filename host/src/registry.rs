//! Windows' registry, as far as browsers and their policies use it.

use std::collections::BTreeMap;
use std::fmt;

#[cfg(windows)]
pub use system::{System, remove, set};

/// A part of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Root {
    /// `HKCU`: the person's own, the same for programs of 32 and of 64 bits.
    Person,
    /// `HKLM`: everybody's.
    Machine,
}

impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Person => "HKCU",
            Self::Machine => "HKLM",
        })
    }
}

/// What programs of so many bits see.
///
/// Source: <https://learn.microsoft.com/windows/win32/winprog64/accessing-an-alternate-registry-view>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum View {
    /// Below `Software\WOW6432Node`.
    Bits32,
    /// Where the key says.
    Bits64,
}

/// A value, of the kinds that are read here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `REG_SZ`, `REG_EXPAND_SZ`
    Text(String),
    /// `REG_DWORD`
    Number(u32),
}

/// A registry that can be read: the system's, or one on record.
pub trait Registry {
    /// The values of a key by their names, the default one's being empty. None where there is no such key.
    fn values(&self, root: Root, view: View, key: &str) -> BTreeMap<String, Value>;
}

#[cfg(windows)]
mod system {
    use std::collections::BTreeMap;
    use std::io;
    use std::path::Path;

    use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE, Type};

    use super::{Registry, Root, Value, View};

    /// This Windows' own.
    pub struct System;

    fn root_key(root: Root) -> &'static Key {
        match root {
            Root::Person => CURRENT_USER,
            Root::Machine => LOCAL_MACHINE,
        }
    }

    impl Registry for System {
        fn values(&self, root: Root, view: View, key: &str) -> BTreeMap<String, Value> {
            // KEY_WOW64_32KEY and KEY_WOW64_64KEY.
            let view = match view {
                View::Bits32 => 0x0200,
                View::Bits64 => 0x0100,
            };
            let Ok(key) = root_key(root).options().read().access(view).open(key) else { return BTreeMap::new() };
            let all = key.values().into_iter().flatten();
            let read = all.filter_map(|(name, value)| {
                let value = match value.ty() {
                    Type::U32 => Value::Number(value.try_into().ok()?),
                    Type::String | Type::ExpandString => Value::Text(value.try_into().ok()?),
                    _ => return None,
                };
                Some((name, value))
            });
            read.collect()
        }
    }

    /// Makes the file's path the key's default value. Returns whether it wasn't.
    ///
    /// # Errors
    /// When the path isn't Unicode, or the registry can't be written.
    pub fn set(root: Root, key: &str, file: &Path) -> io::Result<bool> {
        let path = file.to_str().ok_or(io::ErrorKind::InvalidData)?;
        if System.values(root, View::Bits64, key).get("") == Some(&Value::Text(path.to_owned())) {
            return Ok(false);
        }
        let written = root_key(root).create(key).and_then(|key| key.set_string("", path));
        written.map(|()| true).map_err(|_| io::ErrorKind::PermissionDenied.into())
    }

    /// Removes the key. Returns whether it was there.
    ///
    /// # Errors
    /// When the registry can't be written.
    pub fn remove(root: Root, key: &str) -> io::Result<bool> {
        if root_key(root).open(key).is_err() {
            return Ok(false);
        }
        root_key(root).remove_tree(key).map(|()| true).map_err(|_| io::ErrorKind::PermissionDenied.into())
    }
}

#[cfg(test)]
pub(crate) mod record {
    use super::{BTreeMap, Registry, Root, Value, View};

    /// A registry on record: root, view (`None` is both), key, name, value.
    pub(crate) struct Record<'a>(pub(crate) &'a [(Root, Option<View>, &'a str, &'a str, Value)]);

    impl Registry for Record<'_> {
        fn values(&self, root: Root, view: View, key: &str) -> BTreeMap<String, Value> {
            let own = self.0.iter().filter(|(in_root, in_view, in_key, ..)| {
                *in_root == root && in_view.is_none_or(|only| only == view) && in_key.eq_ignore_ascii_case(key)
            });
            own.map(|(.., name, value)| ((*name).to_owned(), value.clone())).collect()
        }
    }

    pub(crate) fn text(value: &str) -> Value {
        Value::Text(value.to_owned())
    }
}
