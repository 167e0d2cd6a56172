//! Where the policy stands on each system, and its values as JSON.

use std::io;

use serde_json::{Map, Value};

#[cfg(not(any(windows, target_os = "macos")))]
pub use file::*;
#[cfg(target_os = "macos")]
pub use preferences::*;
#[cfg(windows)]
pub use registry::*;

type Values = Map<String, Value>;

fn damaged<E>(_: E) -> io::Error {
    io::Error::from(io::ErrorKind::InvalidData)
}

#[cfg(not(any(windows, target_os = "macos")))]
mod file {
    use super::{Values, damaged, io};

    /// Where an administrator puts it.
    pub const PLACE: &str = "/etc/gmail-sync-bitrix24/policy.json";

    /// The policy's values, or `None` if there is none.
    pub(in crate::policy) fn read() -> io::Result<Option<Values>> {
        match std::fs::read(PLACE) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(damaged),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(target_os = "macos")]
mod preferences {
    use super::{Values, damaged, io};

    /// Where a management profile for the computer (`PayloadScope` System) puts it; one for a person goes to a folder of theirs,
    /// which doesn't bind everybody and isn't read.
    ///
    /// Sources: <https://developer.apple.com/documentation/devicemanagement/toplevel>, and for the path, which Apple tells nobody,
    /// <https://www.chromium.org/administrators/mac-quick-start/>, "Debugging".
    pub const PLACE: &str = "/Library/Managed Preferences/local.gmail-sync-bitrix24.plist";

    /// The policy's values, or `None` if there is none. macOS writes the file as root, in its binary or its XML form.
    pub(in crate::policy) fn read() -> io::Result<Option<Values>> {
        match std::fs::File::open(PLACE) {
            Ok(file) => plist::from_reader(io::BufReader::new(file)).map(Some).map_err(damaged),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(windows)]
mod registry {
    use serde_json::Value;
    use windows_registry::{LOCAL_MACHINE, Type};

    use super::{Values, damaged, io};

    /// Where a group policy puts it.
    pub const PLACE: &str = r"HKLM\Software\Policies\GmailSyncBitrix24";

    /// `ERROR_FILE_NOT_FOUND` as an `HRESULT`.
    const NO_SUCH_KEY: i32 = 0x8007_0002_u32.cast_signed();

    /// The policy's values, or `None` if there is none. Text lists are REG_MULTI_SZ, numbers REG_DWORD.
    pub(in crate::policy) fn read() -> io::Result<Option<Values>> {
        let key = match LOCAL_MACHINE.open(r"Software\Policies\GmailSyncBitrix24") {
            Ok(key) => key,
            Err(error) if error.code().0 == NO_SUCH_KEY => return Ok(None),
            Err(_) => return Err(io::ErrorKind::PermissionDenied.into()),
        };
        let mut values = Values::new();
        for (name, value) in key.values().map_err(damaged)? {
            let json = match value.ty() {
                Type::U32 => Value::from(u32::try_from(value).map_err(damaged)?),
                Type::String | Type::ExpandString => Value::from(String::try_from(value).map_err(damaged)?),
                Type::MultiString => texts(value)?,
                _ => Value::Null,
            };
            values.insert(name, json);
        }
        Ok(Some(values))
    }

    /// A list of texts, each of which ends with a zero, as the list itself does: none of them is empty.
    fn texts(value: windows_registry::Value) -> io::Result<Value> {
        let mut texts = Vec::<String>::try_from(value).map_err(damaged)?;
        texts.retain(|text| !text.is_empty());
        Ok(texts.into())
    }
}
