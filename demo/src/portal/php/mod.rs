//! PHP's values. A Bitrix24 portal is a PHP program, and most of its oddities are PHP's: one ordered array type for lists
//! and maps (so an empty map is `[]`, and keys 0..n-1 make a JSON list), loose casts, numbers without a trailing `.0`.
//! Answers built from this type get them right by construction.

mod json;

/// One PHP value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(String),
    Array(Array),
    /// An object without public members, which is what some dates are in answers: JSON `{}`.
    Object,
}

/// An array key: PHP stores a key like `"7"` as the integer 7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Int(i64),
    Str(String),
}

/// PHP's ordered array.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct Array {
    entries: Vec<(Key, Value)>,
    next: i64,
}

/// Builds an [`Array`] in the written order: `map! { "ID" => 7, "NAME" => "Ann" }`.
macro_rules! map {
    ($($key:expr => $value:expr),* $(,)?) => {{
        #[allow(unused_mut, reason = "an empty map sets nothing")]
        let mut array = $crate::portal::php::Array::default();
        $(array.set($key, $value);)*
        array
    }};
}
pub(crate) use map;

impl Key {
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Int(number) => number.to_string(),
            Self::Str(text) => text.clone(),
        }
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => Self::Int(number),
            _ => Self::Str(text.to_owned()),
        }
    }
}

impl From<String> for Key {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<i64> for Key {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl Array {
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.lookup(&Key::from(key))
    }

    pub(crate) fn lookup(&self, key: &Key) -> Option<&Value> {
        self.entries.iter().find(|(own, _)| own == key).map(|(_, value)| value)
    }

    /// The value under the first of `keys` that is there: legacy methods take several spellings of a parameter.
    pub(crate) fn first_of(&self, keys: &[&str]) -> Option<&Value> {
        keys.iter().find_map(|key| self.get(key))
    }

    pub(crate) fn get_mut(&mut self, key: &Key) -> Option<&mut Value> {
        self.entries.iter_mut().find(|(own, _)| own == key).map(|(_, value)| value)
    }

    pub(crate) fn set(&mut self, key: impl Into<Key>, value: impl Into<Value>) {
        let key = key.into();
        if let Key::Int(number) = key
            && number >= self.next
        {
            self.next = number.saturating_add(1);
        }
        match self.get_mut(&key) {
            Some(slot) => *slot = value.into(),
            None => self.entries.push((key, value.into())),
        }
    }

    pub(crate) fn push(&mut self, value: impl Into<Value>) {
        self.entries.push((Key::Int(self.next), value.into()));
        self.next = self.next.saturating_add(1);
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<Value> {
        let key = Key::from(key);
        let at = self.entries.iter().position(|(own, _)| *own == key)?;
        Some(self.entries.remove(at).1)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Key, &Value)> {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&Key, &mut Value)> {
        self.entries.iter_mut().map(|(key, value)| (&*key, value))
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &Value> {
        self.entries.iter().map(|(_, value)| value)
    }

    /// Whether PHP's `json_encode` writes this as a list.
    fn is_list(&self) -> bool {
        (0i64..).zip(&self.entries).all(|(index, (key, _))| *key == Key::Int(index))
    }
}

impl<T: Into<Value>> FromIterator<T> for Array {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut array = Self::default();
        values.into_iter().for_each(|value| array.push(value));
        array
    }
}

impl Value {
    /// PHP's `(string)`.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Null | Self::Object | Self::Bool(false) => String::new(),
            Self::Bool(true) => "1".to_owned(),
            Self::Int(number) => number.to_string(),
            Self::Float(number) => number.to_string(),
            Self::Str(text) => text.clone(),
            Self::Array(_) => "Array".to_owned(),
        }
    }

    /// PHP's `(int)`: leading digits of a string, 1 for an array with anything in it.
    pub(crate) fn int(&self) -> i64 {
        match self {
            Self::Null => 0,
            Self::Bool(flag) => i64::from(*flag),
            Self::Int(number) => *number,
            #[expect(clippy::cast_possible_truncation, reason = "PHP truncates too")]
            Self::Float(number) => *number as i64,
            Self::Str(text) => leading_int(text),
            Self::Array(array) => i64::from(!array.is_empty()),
            Self::Object => 1,
        }
    }

    /// PHP's `(float)`.
    pub(crate) fn float(&self) -> f64 {
        match self {
            Self::Float(number) => *number,
            Self::Str(text) => text.trim().parse().unwrap_or_else(|_| {
                #[expect(clippy::cast_precision_loss, reason = "amounts are far below 2^52")]
                let whole = leading_int(text) as f64;
                whole
            }),
            #[expect(clippy::cast_precision_loss, reason = "amounts are far below 2^52")]
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Array(_) | Self::Object => self.int() as f64,
        }
    }

    /// PHP's `(bool)`.
    pub(crate) fn truthy(&self) -> bool {
        match self {
            Self::Str(text) => !text.is_empty() && text != "0",
            Self::Float(number) => *number != 0.0,
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Array(_) | Self::Object => self.int() != 0,
        }
    }

    pub(crate) fn array(&self) -> Option<&Array> {
        if let Self::Array(array) = self { Some(array) } else { None }
    }

    pub(crate) fn str(&self) -> Option<&str> {
        if let Self::Str(text) = self { Some(text) } else { None }
    }

    /// The values of an array, or the value itself as the only one.
    pub(crate) fn each(&self) -> Vec<&Self> {
        if let Self::Array(array) = self { array.values().collect() } else { vec![self] }
    }
}

fn leading_int(text: &str) -> i64 {
    let text = text.trim_start();
    let digits_from = usize::from(text.starts_with(['-', '+']));
    let end = text[digits_from..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |at| digits_from + at);
    text[..end].parse().unwrap_or(0)
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Str(text.clone())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Int(number.into())
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<Array> for Value {
    fn from(array: Array) -> Self {
        Self::Array(array)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Self::Array(values.into_iter().collect())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn casts_are_loose() {
        assert_eq!(decode(r#"" 12abc""#).int(), 12);
        assert_eq!(decode(r#""abc""#).int(), 0);
        assert_eq!(decode(r#"{"CONTACT":[5]}"#).int(), 1);
        assert_eq!(decode("[]").int(), 0);
        assert!(!decode(r#""0""#).truthy());
        assert!(decode(r#""0.0""#).truthy());
    }
}
