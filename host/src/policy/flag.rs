//! Yes or no, as each system writes it.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// `true` and `false` in files, 1 and 0 in the registry, which has no booleans.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Flag(bool),
    Number(u8),
}

/// Reads a flag that is set. Any number but 0 and 1 is an error: to guess would be looser than what was meant.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    match Written::deserialize(deserializer)? {
        Written::Flag(flag) => Ok(Some(flag)),
        Written::Number(0) => Ok(Some(false)),
        Written::Number(1) => Ok(Some(true)),
        Written::Number(_) => Err(D::Error::custom("neither yes nor no")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_flag_is_written_as_the_system_can() {
        let flag = |value: Value| read(value).ok().flatten();
        assert_eq!([json!(true), json!(1)].map(flag), [Some(true); 2]);
        assert_eq!([json!(false), json!(0)].map(flag), [Some(false); 2]);
        for wrong in [json!("true"), json!(2), json!(-1), json!(0.0), json!(256), json!([true]), json!(null)] {
            assert_eq!(flag(wrong.clone()), None, "{wrong}");
        }
    }
}
