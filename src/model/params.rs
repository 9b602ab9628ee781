//! Reading a model's parameters from a configuration.

use crate::space::{Config, Value};

/// A configuration whose names are all known to the model; every reader names what it accepts when it refuses.
#[derive(Clone, Copy, Debug)]
pub struct Params<'a> {
    model: &'static str,
    config: &'a Config,
}

impl<'a> Params<'a> {
    /// Checks the names.
    ///
    /// # Errors
    /// The first unknown name, with the known ones.
    pub fn of(model: &'static str, known: &[&str], config: &'a Config) -> Result<Params<'a>, String> {
        match config.0.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => Err(format!(
                "{model} has no parameter \"{name}\"; accepted: {}",
                known.join(", ")
            )),
            None => Ok(Params { model, config }),
        }
    }

    /// The value at `name` through `read`, or `default` where it is absent.
    ///
    /// # Errors
    /// If `read` refuses the value: the value, and `accepted`.
    pub fn read<T>(
        &self,
        name: &str,
        default: T,
        accepted: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<T, String> {
        match self.config.get(name) {
            None => Ok(default),
            Some(value) => {
                read(value).ok_or_else(|| format!("{}: {name} cannot be {value}; accepted: {accepted}", self.model))
            }
        }
    }

    /// A whole number of at least `least`.
    ///
    /// # Errors
    /// If the value is none.
    pub fn count(&self, name: &str, default: u32, least: u32) -> Result<u32, String> {
        let accepted = format!("a whole number from {least}");
        self.read(name, default, &accepted, |value| whole(value).filter(|n| *n >= least))
    }

    /// A finite number that `is_fine`.
    ///
    /// # Errors
    /// If the value is none.
    pub fn number(
        &self,
        name: &str,
        default: f64,
        accepted: &str,
        is_fine: impl Fn(f64) -> bool,
    ) -> Result<f64, String> {
        self.read(name, default, accepted, |value| value.number().filter(|v| is_fine(*v)))
    }

    /// Whether classes weigh the same in sum, whatever their numbers of rows: scikit-learn's `class_weight`.
    ///
    /// # Errors
    /// If the value is neither `none` nor `balanced`.
    pub fn balanced(&self) -> Result<bool, String> {
        self.word("class_weight", false, &[("none", false), ("balanced", true)])
    }

    /// One of some words.
    ///
    /// # Errors
    /// If the value is none of them.
    pub fn word<T: Copy>(&self, name: &str, default: T, words: &[(&str, T)]) -> Result<T, String> {
        let accepted = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        self.read(name, default, &accepted, |value| {
            let text = value.to_string();
            words
                .iter()
                .find(|(word, _)| *word == text)
                .map(|(_, meaning)| *meaning)
        })
    }
}

/// A value as a whole number that is not negative; `2.0` is one.
pub(super) fn whole(value: &Value) -> Option<u32> {
    let number = value.number()?;
    (libm::floor(number) == number && (0.0..=f64::from(u32::MAX)).contains(&number)).then_some(number as u32)
}
