//! Extremely randomized trees.

use super::{Forest, NAMES, forest_space};
use crate::model::{Model, ModelKind, Params};
use crate::registry::Entry;
use crate::space::Config;

pub(crate) const ENTRY: Entry<ModelKind> = Entry {
    id: "extra",
    title: "Extremely randomized trees",
    about: "A forest whose trees split at random places: of a few random features, each with one random threshold, a node takes the \
            best. Trees see all rows. Less variance and more bias than a random forest, and smoother boundaries.",
    formula: "p(k | x) = mean over trees of the share of class k in the leaf of x; threshold ~ U(lowest, highest value in the node)",
    paper: "P. Geurts, D. Ernst & L. Wehenkel (2006), Extremely randomized trees, Machine Learning 63, 3-42. Semantics of scikit-learn's \
            ExtraTreesClassifier.",
    settings: &[],
    build: ModelKind {
        space: || forest_space(false),
        names: NAMES,
        build,
    },
};

fn build(config: &Config) -> Result<Box<dyn Model>, String> {
    let params = Params::of("extra", NAMES, config)?;
    let forest = Forest {
        id: ENTRY.id,
        bootstrap: false,
        random: true,
        ..Forest::DEFAULT
    };
    Ok(Box::new(forest.with(&params)?))
}
