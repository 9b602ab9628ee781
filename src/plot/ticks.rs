//! Where an axis is labelled: few, round numbers, tried from many to few until their labels have room.

use super::text;
use crate::order;
use crate::space::number_text;

/// A labelled place on an axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    /// Place in [0, 1].
    pub(super) at: f64,
    /// Its label.
    pub(super) label: String,
}

/// Round values in `low..=high`, about `count` of them: multiples of 1, 2 or 5 times a power of ten, at least `least` apart.
pub(super) fn round_values(low: f64, high: f64, count: usize, least: f64) -> (Vec<f64>, f64) {
    let span = high - low;
    if !(span.is_finite() && span > 0.0) {
        return (vec![low], 1.0);
    }
    let raw = span / count.max(1) as f64;
    let power = libm::pow(10.0, libm::floor(libm::log10(raw)));
    let multiple = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|m| m * power >= raw * 0.999)
        .unwrap_or(10.0);
    let step = (multiple * power).max(least);
    let (first, last) = (libm::ceil(low / step - 1e-9), libm::floor(high / step + 1e-9));
    let n = (last - first).clamp(-1.0, 1000.0) as i64;
    // Adding 0 turns a negative zero into a plain one.
    ((0..=n).map(|i| (first + i as f64) * step + 0.0).collect(), step)
}

/// A value of an axis whose labels are `step` apart, every label with as many decimals.
pub(super) fn value_label(value: f64, step: f64, largest: f64) -> String {
    if !(1e-4..1e6).contains(&largest) {
        if value == 0.0 {
            return "0".into();
        }
        // As many digits as tell neighbours apart.
        let digits = libm::floor(libm::log10(value.abs())) - libm::floor(libm::log10(step) + 1e-9);
        let text = format!("{value:.*e}", digits.clamp(0.0, 15.0) as usize);
        return crate::number::read(&text).map_or(text, |v| format!("{v:e}"));
    }
    let decimals = -libm::floor(libm::log10(step) + 1e-9);
    format!("{value:.*}", decimals.clamp(0.0, 15.0) as usize)
}

/// Ten to the power of `exponent`, as people write it.
pub(super) fn power_label(exponent: i32) -> String {
    let raised = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        d => char::from_u32(0x2070 + d as u32 - '0' as u32).unwrap_or(d),
    };
    format!("10{}", exponent.to_string().chars().map(raised).collect::<String>())
}

/// Values at which to label a logarithmic axis from `low` to `high`, from many to few; with whether they are powers of ten.
pub(super) fn log_values(low: f64, high: f64) -> Vec<(Vec<f64>, bool)> {
    let (first, last) = (
        libm::ceil(libm::log10(low) - 1e-9) as i32,
        libm::floor(libm::log10(high) + 1e-9) as i32,
    );
    let decades = libm::log10(high) - libm::log10(low);
    let within = |v: &f64| *v >= low * (1.0 - 1e-9) && *v <= high * (1.0 + 1e-9);
    let mantissas = |ms: &[f64]| -> Vec<f64> {
        let around = (first - 1)..=(last + 1);
        around
            .flat_map(|e| ms.iter().map(move |m| m * libm::pow(10.0, f64::from(e))))
            .filter(within)
            .collect()
    };
    let mut all = Vec::new();
    if decades < 3.0 {
        all.push((mantissas(&[1.0, 2.0, 5.0]), false));
        all.push((mantissas(&[1.0, 3.0]), false));
    }
    for every in 1..=(last - first).max(1) {
        let powers = (first..=last).filter(|e| (e - first) % every == 0);
        all.push((powers.map(|e| libm::pow(10.0, f64::from(e))).collect(), true));
    }
    if decades < 1.0 {
        for count in [2, 3, 4] {
            all.insert(0, (round_values(low, high, count, 0.0).0, false));
        }
    }
    all.push((vec![low, high], false));
    all.retain(|(values, _)| !values.is_empty());
    all
}

/// How labels stand along an axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Length of the axis.
    pub(super) length: f64,
    /// Whether labels stand beside each other rather than above each other.
    pub(super) across: bool,
    /// Text size.
    pub(super) size: f64,
    /// How far labels may reach beyond the ends.
    pub(super) overhang: (f64, f64),
}

impl Room {
    /// Where the label of `tick` begins and ends along the axis, moved inwards at the ends.
    pub(super) fn extent(&self, tick: &Tick) -> (f64, f64) {
        let half = if self.across {
            text::width(&tick.label, self.size) / 2.0
        } else {
            self.size * 0.6
        };
        let low = half - self.overhang.0;
        let high = (self.length + self.overhang.1 - half).max(low);
        let middle = (tick.at * self.length).clamp(low, high);
        (middle - half, middle + half)
    }

    /// Whether all labels have room.
    pub(super) fn fits(&self, ticks: &[Tick]) -> bool {
        let gap = if self.across { 9.0 } else { 4.0 };
        let mut extents: Vec<_> = ticks.iter().map(|t| self.extent(t)).collect();
        order::sort_by(&mut extents, |a, b| a.0.total_cmp(&b.0));
        let wide = extents.iter().all(|e| e.1 <= self.length + self.overhang.1 + 0.5);
        wide && extents.windows(2).all(|pair| pair[0].1 + gap <= pair[1].0)
    }

    /// Whether `count` labels leave the picture quiet.
    pub(super) fn calm(&self, count: usize) -> bool {
        let each = if self.across { 62.0 } else { 30.0 };
        count <= 2 || count as f64 <= (self.length / each).max(2.0) + 1.0
    }
}

/// Level names on an axis of `names.len()` equal shares: all, shortened, or every so many.
pub(super) fn level_ticks(names: &[String], room: &Room, ordered: bool) -> Vec<Tick> {
    let n = names.len().max(1);
    let tick = |i: usize, label: String| Tick {
        at: (i as f64 + 0.5) / n as f64,
        label,
    };
    let slot = room.length / n as f64 - 9.0;
    let every = |k: usize| -> Vec<Tick> {
        (0..n)
            .step_by(k)
            .filter_map(|i| Some(tick(i, names.get(i)?.clone())))
            .collect()
    };
    let all = every(1);
    if room.fits(&all) {
        return all;
    }
    let cut = |room_for: f64, k: usize| -> Vec<Tick> {
        let short = |t: Tick| Tick {
            label: text::fit(&t.label, room.size, room_for),
            ..t
        };
        every(k).into_iter().map(short).collect()
    };
    if room.across && !ordered && slot >= room.size * 2.6 {
        let short = cut(slot, 1);
        if room.fits(&short) {
            return short;
        }
    }
    for k in 2..=n {
        let some = if room.across {
            cut((slot + 9.0) * k as f64 - 9.0, k)
        } else {
            every(k)
        };
        let legible = some
            .iter()
            .all(|t| !t.label.is_empty() && (t.label.chars().count() > 2 || !t.label.ends_with('…')));
        if room.fits(&some) && legible {
            return some;
        }
    }
    cut(room.length, n)
}

/// A number that is not on a regular axis, short.
pub(super) fn plain_label(value: f64) -> String {
    let rounded = crate::view::why::rounded(value);
    crate::number::read(&rounded).map_or(rounded, number_text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_round_and_inside() {
        assert_eq!(round_values(0.38, 1.02, 5, 0.0).0, [0.4, 0.6000000000000001, 0.8, 1.0]);
        assert_eq!(round_values(-3.0, 4.0, 3, 1.0).0, [0.0]);
        assert_eq!(round_values(-6.0, 4.0, 3, 1.0).0, [-5.0, 0.0]);
        assert_eq!(round_values(5.0, 5.0, 4, 0.0).0, [5.0]);
    }

    #[test]
    fn labels_have_as_many_decimals_as_the_step_needs() {
        assert_eq!(value_label(0.6000000000000001, 0.2, 1.0), "0.6");
        assert_eq!(value_label(1.0, 0.05, 1.0), "1.00");
        assert_eq!(value_label(250.0, 50.0, 300.0), "250");
        assert_eq!(value_label(1.5e9, 5e8, 2e9), "1.5e9");
        assert_eq!(power_label(-12), "10⁻¹²");
    }

    #[test]
    fn no_label_of_a_level_is_empty() {
        let names: Vec<String> = (1..20).map(|i| i.to_string()).chain(["none".to_string()]).collect();
        for length in [60.0, 120.0, 165.0, 300.0, 700.0] {
            let room = Room {
                length,
                across: true,
                size: 11.0,
                overhang: (0.0, 0.0),
            };
            let ticks = level_ticks(&names, &room, true);
            assert!(
                !ticks.is_empty() && ticks.iter().all(|t| !t.label.is_empty()),
                "{length}: {ticks:?}"
            );
        }
    }

    #[test]
    fn a_log_axis_is_labelled_at_powers_or_at_ones_twos_and_fives() {
        assert!(log_values(1e-5, 10.0).iter().any(|(v, powers)| *powers && v.len() == 7));
        assert_eq!(log_values(1.0, 64.0)[0].0, [1.0, 2.0, 5.0, 10.0, 20.0, 50.0]);
    }
}
