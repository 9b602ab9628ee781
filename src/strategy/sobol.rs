//! The scrambled Sobol' sequence as a search.

use super::spread::{Sequence, Spread};
use super::{Build, cube::Cube};
use crate::math::sobol::Sobol;
use crate::registry::Entry;

/// The registry's entry.
pub const ENTRY: Entry<Build> = Entry {
    id: "sobol",
    title: "Sobol sequence",
    about: "Points of a scrambled Sobol sequence: after every power of two of them, each part of the space has had its equal share, in every \
        parameter and in pairs of the first ones. It leaves no holes and wastes no trials on clusters as random draws do. It does not learn, \
        so a strategy that does overtakes it; in many dimensions its advantage over chance fades.",
    formula: "xᵢ = owen(⊕ₖ bitₖ(i) · vₖ)",
    paper: "Sobol' 1967; Joe & Kuo 2008, Constructing Sobol sequences with better two-dimensional projections, SIAM J. Sci. Comput. 30; Owen 1995 (scrambling)",
    settings: &[],
    build: |space, _settings, plan| {
        let dim = Cube::new(space).dim();
        let sequence = Sobol::new(dim, plan.seed.derive("sobol", 0));
        Ok(Box::new(Spread::new("Sobol point", space, plan, Box::new(sequence))))
    },
};

impl Sequence for Sobol {
    fn point(&mut self, index: u32) -> Vec<f64> {
        Sobol::point(self, index)
    }

    fn why(&self, index: u32) -> String {
        format!(
            "Point {} of a scrambled Sobol sequence, which fills the space evenly; what earlier trials found plays no part.",
            index + 1
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::testing::{first, is, space};

    #[test]
    fn categories_and_levels_get_their_equal_shares() {
        let space = space(&[("k", "{a,b,c,d}"), ("x", "0.0..1.0"), ("n", "1..8")]);
        let configs = first(&ENTRY, &space, 64);
        let count = |name: &str, value: &str| configs.iter().filter(|c| is(c, name, value)).count();
        assert_eq!(["a", "b", "c", "d"].map(|v| count("k", v)), [16; 4]);
        assert_eq!(["1", "2", "5", "8"].map(|v| count("n", v)), [8; 4]);
    }
}
