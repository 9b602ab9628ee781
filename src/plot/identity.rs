//! Who is who: the colour and shape that a strategy has everywhere, and who yields where two would look alike.

use super::Theme;
use super::palette::{COLORS, Look, Marker, Palette, Rgb, mix};
use crate::protocol::YOU;
use crate::view::View;

const BLUE: usize = 0;
const ORANGE: usize = 1;
const MAGENTA: usize = 2;
const GREEN: usize = 3;
const INDIGO: usize = 4;
const RED: usize = 5;
const TEAL: usize = 6;
const OLIVE: usize = 7;
const BROWN: usize = 8;
const LEAF: usize = 9;
const VIOLET: usize = 10;
/// A person's: in nobody else's reach.
const INK: usize = COLORS.len();
/// The first of the colours that several strategies share.
const SHARED: usize = INDIGO;

/// Colour and shape of each strategy. The four that are met most often share neither with anybody; others that are often set side by
/// side differ in both. Where two of one colour or shape meet, the one that stands further down yields. A strategy that has no line
/// here gets a pair by its name.
const OWN: &[(&str, usize, Marker)] = &[
    // A person who takes part stands out from everything that computes.
    (YOU, INK, Marker::Star),
    ("grid", BLUE, Marker::Square),
    ("random", ORANGE, Marker::Circle),
    ("bayes", MAGENTA, Marker::Triangle),
    ("tpe", GREEN, Marker::Diamond),
    ("smac", RED, Marker::Pentagon),
    ("cmaes", TEAL, Marker::Plus),
    ("turbo", INDIGO, Marker::Down),
    ("hyperband", OLIVE, Marker::Hexagon),
    ("bohb", INDIGO, Marker::Pentagon),
    ("asha", LEAF, Marker::Plus),
    ("halving", TEAL, Marker::Down),
    ("dehb", VIOLET, Marker::Down),
    ("pbt", BROWN, Marker::Down),
    ("gradient", RED, Marker::Down),
    ("auto", VIOLET, Marker::Hexagon),
    ("portfolio", OLIVE, Marker::Pentagon),
    ("de", OLIVE, Marker::Down),
    ("evolution", LEAF, Marker::Pentagon),
    ("annealing", BROWN, Marker::Hexagon),
    ("nelder_mead", VIOLET, Marker::Pentagon),
    ("sobol", TEAL, Marker::Pentagon),
    ("halton", LEAF, Marker::Hexagon),
    ("lhs", BROWN, Marker::Plus),
    ("median", INDIGO, Marker::Hexagon),
    ("folds", RED, Marker::Plus),
];

/// One of [`COLORS`] or [`INK`], or the shade of one that a second strategy of the same id has.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Hue {
    of: usize,
    shade: bool,
}

impl Hue {
    const fn plain(of: usize) -> Hue {
        Hue { of, shade: false }
    }

    fn color(self, theme: Theme) -> Rgb {
        let palette = Palette::of(theme);
        let plain = match (COLORS.get(self.of), theme) {
            (Some(&(light, _)), Theme::Light) => light,
            (Some(&(_, dark)), Theme::Dark) => dark,
            (None, Theme::Light) => palette.ink,
            (None, Theme::Dark) => (0xff, 0xff, 0xff),
        };
        // Towards the ink, away from what it lies on.
        if self.shade {
            mix(plain, palette.ink, 0.42)
        } else {
            plain
        }
    }
}

/// What a strategy has by its id, and where it stands in line: those that come earlier keep what they have.
fn own(id: &str) -> (usize, Hue, Marker) {
    if let Some(i) = OWN.iter().position(|o| o.0 == id) {
        return (i, Hue::plain(OWN[i].1), OWN[i].2);
    }
    // FNV-1a: any spread of names over pairs would do, as long as it stays the same.
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    });
    let (colors, shapes) = (COLORS.len() - SHARED, Marker::ALL.len() - 1);
    let pairs = colors * shapes;
    let pair = |k: usize| {
        let at = ((hash >> 16) as usize % pairs + k) % pairs;
        (SHARED + at % colors, Marker::ALL[at / colors])
    };
    let free = |p: &(usize, Marker)| OWN.iter().all(|o| (o.1, o.2) != *p);
    let (color, marker) = (0..pairs).map(pair).find(free).unwrap_or_else(|| pair(0));
    (OWN.len(), Hue::plain(color), marker)
}

/// The looks of strategies that are seen together. Everybody keeps their own, unless somebody earlier in line has it: colours are
/// all different as long as there are enough, so are shapes, and both together always. The order of `ids` decides only between
/// strategies of the same id.
fn together(ids: &[&str]) -> Vec<(Hue, Marker)> {
    let twins = |i: usize| ids[..i].iter().filter(|id| **id == ids[i]).count();
    let mut line: Vec<usize> = (0..ids.len()).collect();
    crate::order::sort_by(&mut line, |&a, &b| {
        let key = |i: usize| (twins(i), own(ids[i]).0, ids[i]);
        key(a).cmp(&key(b))
    });
    let mut looks: Vec<Option<(Hue, Marker)>> = vec![None; ids.len()];
    for i in line {
        let (_, hue, marker) = own(ids[i]);
        let wanted = match twins(i) {
            0 => hue,
            // A shade of the same colour tells that it is the same strategy.
            _ => Hue { shade: true, ..hue },
        };
        let given = |free: &dyn Fn(&(Hue, Marker)) -> bool| looks.iter().flatten().all(free);
        // From the next one on, so that several who yield part ways; the common ones last.
        let shared = COLORS.len() - SHARED;
        let others = (1..=shared).map(|k| Hue::plain(SHARED + (hue.of + k - SHARED.min(hue.of)) % shared));
        let hues: Vec<Hue> = [wanted]
            .into_iter()
            .chain(others)
            .chain((0..SHARED).map(Hue::plain))
            .collect();
        let color = hues.iter().find(|h| given(&|l| l.0 != **h));
        let shapes = || [marker].into_iter().chain(Marker::ALL);
        let shape = shapes().find(|m| given(&|l| l.1 != *m));
        let hue = color.copied().unwrap_or(wanted);
        let pairs = hues.iter().flat_map(|h| shapes().map(|m| (*h, m)));
        let shape = shape
            .map(|m| (hue, m))
            .or_else(|| shapes().map(|m| (hue, m)).find(|p| given(&|l| l != p)));
        looks[i] = shape.or_else(|| pairs.into_iter().find(|p| given(&|l| l != p)));
    }
    looks
        .into_iter()
        .map(|l| l.unwrap_or((Hue::plain(INK), Marker::Star)))
        .collect()
}

fn seen(ids: &[&str], at: usize, theme: Theme) -> Look {
    let (hue, marker) = together(ids)
        .get(at)
        .copied()
        .unwrap_or((Hue::plain(INK), Marker::Star));
    Look {
        color: hue.color(theme),
        marker,
    }
}

/// The ids of the strategies of `view`.
fn lanes(view: &View) -> Vec<&str> {
    view.lanes.iter().map(|l| l.lane.id.as_str()).collect()
}

/// How the strategy `lane` of `view` looks: by its id. A second strategy of the same id has another shade and shape.
pub fn look(view: &View, lane: usize, theme: Theme) -> Look {
    seen(&lanes(view), lane, theme)
}

/// How a strategy among `ids` looks that another one has at hand: as its own lane does, where it has one.
pub(super) fn member(view: &View, ids: &[&str], at: usize, theme: Theme) -> Look {
    let mut all = lanes(view);
    let lane = all.iter().position(|id| *id == ids[at]);
    let newcomers: Vec<&str> = ids.iter().copied().filter(|id| !all.contains(id)).collect();
    let place = lane.unwrap_or(all.len() + newcomers.iter().position(|id| *id == ids[at]).unwrap_or(0));
    all.extend(newcomers);
    if place < view.lanes.len() {
        return look(view, place, theme);
    }
    seen(&all, place, theme)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::STRATEGIES;

    /// Relative luminance, as WCAG 2.2 defines it.
    fn luminance((r, g, b): Rgb) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.040_45 {
                c / 12.92
            } else {
                libm::pow((c + 0.055) / 1.055, 2.4)
            }
        };
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }

    fn contrast(a: Rgb, b: Rgb) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_strategy_has_a_pair_of_its_own() {
        let looks: Vec<(usize, Marker)> = STRATEGIES.iter().map(|e| (own(e.id).1.of, own(e.id).2)).collect();
        for (i, pair) in looks.iter().enumerate() {
            let twin = looks[..i].iter().position(|p| p == pair);
            let twin = twin.map(|k| STRATEGIES[k].id);
            assert_eq!(twin, None, "{} looks like it; give it a line in OWN", STRATEGIES[i].id);
        }
        for (id, ..) in OWN.iter().filter(|o| o.0 != YOU) {
            assert!(STRATEGIES.iter().any(|e| e.id == *id), "there is no strategy {id}");
        }
        // One that has no line: always the same, and nobody else's.
        assert_eq!(own("newest"), own("newest"));
        assert!(OWN.iter().all(|o| (o.1, o.2) != (own("newest").1.of, own("newest").2)));
    }

    #[test]
    fn alone_everybody_looks_as_among_others() {
        for e in STRATEGIES {
            let (_, hue, marker) = own(e.id);
            for ids in [vec![e.id], vec!["grid", "random", e.id, "bayes", "tpe"]] {
                let at = ids.iter().position(|id| *id == e.id).unwrap();
                assert_eq!(together(&ids)[at], (hue, marker), "{ids:?}");
            }
        }
    }

    #[test]
    fn whoever_meets_is_told_apart() {
        let all: Vec<&str> = STRATEGIES.iter().map(|e| e.id).collect();
        let told = |ids: &[&str]| {
            let looks = together(ids);
            for (i, a) in looks.iter().enumerate() {
                for b in &looks[..i] {
                    assert!(a.0 != b.0 && a.1 != b.1, "{ids:?}: {looks:?}");
                }
            }
        };
        for a in 0..all.len() {
            for b in 0..all.len() {
                told(&[all[a], all[b]]);
                // Eight of the menu, from anywhere in it, at any stride.
                told(&(0..8).map(|k| all[(a + k * (b + 1)) % all.len()]).collect::<Vec<_>>());
            }
        }
        told(&["smac", "cmaes", "turbo", "auto", "hyperband", "annealing"]);
        told(&["bayes"; 6]);
        told(&["tpe", "bayes", "bayes", "random", "bayes", "you"]);
        // All at once: never both the same.
        let looks = together(&all);
        assert!(looks.iter().enumerate().all(|(i, a)| !looks[..i].contains(a)));
    }

    #[test]
    fn the_order_of_a_study_changes_no_look() {
        let (a, b) = (["hyperband", "de", "portfolio"], ["portfolio", "hyperband", "de"]);
        let (first, second) = (together(&a), together(&b));
        for (i, id) in a.iter().enumerate() {
            let there = b.iter().position(|other| other == id).unwrap();
            assert_eq!(first[i], second[there], "{id}");
        }
    }

    #[test]
    fn colours_stand_out_from_the_card() {
        for theme in [Theme::Light, Theme::Dark] {
            let card = Palette::of(theme).card;
            for of in 0..COLORS.len() {
                for shade in [false, true] {
                    let color = Hue { of, shade }.color(theme);
                    assert!(
                        contrast(color, card) >= 3.0,
                        "{of} in {theme:?}: {}",
                        contrast(color, card)
                    );
                }
            }
        }
    }
}
