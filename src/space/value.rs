//! A parameter's value and a configuration of several.

use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// The value of one parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Explicitly nothing, such as an unlimited depth: `none` in the study text, `null` in JSON.
    None,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A finite number.
    Float(f64),
    /// A word.
    Text(String),
}

impl Value {
    /// The value as a number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Int(v) => Some(*v as f64),
            Value::Float(v) => Some(*v),
            _ => None,
        }
    }

    /// Whether two values mean the same: `2` and `2.0` do.
    pub fn same(&self, other: &Value) -> bool {
        match (self.number(), other.number()) {
            (Some(a), Some(b)) => a == b,
            _ => self == other,
        }
    }

    /// Reads the study text's notation: `none`, `true`, `12`, `0.5`, else a word.
    pub fn parse(text: &str) -> Value {
        match text {
            "none" => return Value::None,
            "true" => return Value::Bool(true),
            "false" => return Value::Bool(false),
            _ => {}
        }
        if let Ok(v) = text.parse::<i64>() {
            return Value::Int(v);
        }
        match crate::number::read(text) {
            Some(v) if v.is_finite() => Value::Float(v),
            _ => Value::Text(text.to_string()),
        }
    }
}

/// Writes the study text's notation, the shortest that reads back as the same value.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::None => f.write_str("none"),
            Value::Bool(v) => write!(f, "{v}"),
            Value::Int(v) => write!(f, "{v}"),
            Value::Float(v) => write_number(f, *v),
            Value::Text(v) => f.write_str(v),
        }
    }
}

/// Very large and very small magnitudes in scientific notation, all others plain.
fn write_number(f: &mut fmt::Formatter<'_>, v: f64) -> fmt::Result {
    let size = v.abs();
    if v != 0.0 && !(1e-4..1e7).contains(&size) {
        write!(f, "{v:e}")
    } else {
        write!(f, "{v}")
    }
}

/// A number in the study text's notation.
pub fn number_text(v: f64) -> String {
    Value::Float(v).to_string()
}

/// A number for people: four significant digits.
pub fn rounded(v: f64) -> String {
    if v == 0.0 || !v.is_finite() {
        return number_text(v);
    }
    let digits = 3 - libm::floor(libm::log10(libm::fabs(v))) as i32;
    if (0..=7).contains(&digits) {
        let text = format!("{v:.*}", digits as usize);
        let text = if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.')
        } else {
            &text
        };
        return text.to_string();
    }
    let text = format!("{v:.3e}");
    crate::number::read(&text).map_or(text, number_text)
}

impl Value {
    /// The value for people: a long number in four significant digits.
    pub fn short(&self) -> String {
        let text = self.to_string();
        match self.number() {
            Some(v) if text.len() > 7 => rounded(v),
            _ => text,
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::None => serializer.serialize_unit(),
            Value::Bool(v) => serializer.serialize_bool(*v),
            Value::Int(v) => serializer.serialize_i64(*v),
            Value::Float(v) => serializer.serialize_f64(*v),
            Value::Text(v) => serializer.serialize_str(v),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Value;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, a word, true, false or null")
            }
            fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
                Ok(Value::None)
            }
            fn visit_none<E: de::Error>(self) -> Result<Value, E> {
                Ok(Value::None)
            }
            fn visit_bool<E: de::Error>(self, v: bool) -> Result<Value, E> {
                Ok(Value::Bool(v))
            }
            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Value, E> {
                Ok(Value::Int(v))
            }
            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Value, E> {
                i64::try_from(v)
                    .map(Value::Int)
                    .map_err(|_| E::custom(format!("{v} is too large")))
            }
            fn visit_f64<E: de::Error>(self, v: f64) -> Result<Value, E> {
                if v.is_finite() {
                    Ok(Value::Float(v))
                } else {
                    Err(E::custom("a number must be finite"))
                }
            }
            fn visit_str<E: de::Error>(self, v: &str) -> Result<Value, E> {
                Ok(Value::Text(v.to_string()))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// A configuration: the active parameters and their values, in the space's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config(pub Vec<(String, Value)>);

impl Config {
    /// The value of `name`, if it is active.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// The number at `name`, if it is active and a number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.get(name).and_then(Value::number)
    }

    /// This configuration without `name`.
    #[must_use]
    pub fn without(&self, name: &str) -> Config {
        Config(self.0.iter().filter(|(n, _)| n != name).cloned().collect())
    }

    /// This configuration with `name` set to `value`; appended if it is new.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Config {
        match self.0.iter_mut().find(|(n, _)| n == name) {
            Some(slot) => slot.1 = value,
            None => self.0.push((name.to_string(), value)),
        }
        self
    }

    /// One text for each distinct configuration: the key by which repeats are recognized.
    pub fn key(&self) -> String {
        self.to_string()
    }
}

/// `a=1, b=rbf`
impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, value)) in self.0.iter().enumerate() {
            write!(f, "{}{name}={value}", if i == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl Config {
    /// The configuration for people: `C = 0.7943, kernel = rbf`. The trace has all digits.
    pub fn short(&self) -> String {
        let pair = |(name, value): &(String, Value)| format!("{name} = {}", value.short());
        self.0.iter().map(pair).collect::<Vec<_>>().join(", ")
    }
}

impl Serialize for Config {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Config {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Config, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Config;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of parameter names and values")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Config, A::Error> {
                let mut pairs: Vec<(String, Value)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if pairs.iter().any(|(n, _)| *n == name) {
                        return Err(de::Error::custom(format!("\"{name}\" is given twice")));
                    }
                    pairs.push((name, value));
                }
                Ok(Config(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}
