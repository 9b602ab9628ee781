//! Presets: study texts worth beginning from.

use crate::registry::Entry;

/// Every preset, in the order of the menu. What is built is the study text.
pub static PRESETS: &[Entry<&'static str>] = &[
    preset(
        "race-iris",
        "Iris: grid, random and Bayesian search",
        "Three strategies tune a random forest on Iris side by side, 40 trials each, over ranges rather than lists. They minimize the log loss, \
         because accuracy on 120 rows has only a handful of distinct values.",
        "data=iris&model=forest&split=0.2&cv=5&metric=logloss&p.min_samples_leaf=1..30&p.max_depth=1..12\
         &p.n_estimators=10..200&p.min_samples_split=2..30&s=grid,random,bayes&n=40&seed=7",
    ),
    preset(
        "svm-iris",
        "Support vectors: price and reach",
        "A support vector machine on Iris, C against gamma on logarithmic scales. The log loss shows a valley along which both trade off: a \
         wide reach wants a high price, a short one a low price. Above it the machine memorizes flowers, below it sees only a plane.",
        "data=iris&model=svm&split=0.2&cv=5&metric=logloss&p.C=0.01..1000~log&p.gamma=0.001..10~log&s=grid,random,bayes&n=36&seed=1",
    ),
    preset(
        "mlp",
        "A small network: what the learning rate decides",
        "A multilayer perceptron on handwritten digits, 20 epochs, validated on a quarter of the rows. Learning rate, batch size, hidden units \
         and dropout are searched; the first decides most, as the picture of every parameter shows.",
        "data=digits&model=mlp(epochs:20)&prep=scale(method:minmax)&split=0.2&cv=hold:0.25&metric=logloss&p.learning_rate=1e-4..0.3~log\
         &p.batch_size=16|32|64|128&p.hidden_units=4..64~log&p.dropout=0..0.7&s=random,bayes&n=40&seed=1",
    ),
    preset(
        "hyperband-mlp",
        "Hyperband: many networks begun, few finished",
        "Hyperband and BOHB begin many networks with a few epochs each and let the better ones go on from where they stand; random search \
         trains every one to the end. All spend the same.",
        "data=wine&model=mlp(epochs:81)&prep=scale(method:standard)&split=0.2&cv=5&metric=logloss&p.learning_rate=1e-4..0.3~log&p.batch_size=8|16|32|64\
         &p.hidden_units=4..128~log&p.dropout=0..0.7&s=hyperband,bohb,random&n=20&seed=1",
    ),
    preset(
        "hypergradient",
        "Hypergradients: five penalties at once",
        "Logistic regression on Wine with a penalty of its own for each of five groups of features. The model says how the log loss changes \
         with every one of them, so descent moves all five at once, where the others learn from single values.",
        "data=wine&model=logistic&prep=scale(method:standard)&split=0.2&cv=5&metric=logloss&p.C_1=1e-3..1e3~log&p.C_2=1e-3..1e3~log\
         &p.C_3=1e-3..1e3~log&p.C_4=1e-3..1e3~log&p.C_5=1e-3..1e3~log&s=gradient,bayes,random&n=30&seed=1",
    ),
    preset(
        "forrester",
        "Forrester: one parameter",
        "A function of one argument with a local and a global minimum. Watch the band close where points fall, and the acquisition move on.",
        "fn=forrester&s=bayes,random&n=15&seed=1",
    ),
    preset(
        "branin",
        "Branin: two parameters",
        "A function of two arguments with three equally deep minima, and its true landscape beneath the points.",
        "fn=branin&s=grid,random,bayes&n=30&seed=1",
    ),
    preset(
        "joint-model",
        "Which model, and how: one search for both",
        "A random forest, a support vector machine, nearest neighbours and logistic regression in one space: which of them is a parameter, and \
         each one's settings count only where it is chosen. Watch the strategies drop the models that don't pay and spend what they have on the \
         others. Random search gives every model its share to the end.",
        "data=cancer&model=forest,svm,knn,logistic&prep=scale(method:standard)&split=0.2&cv=5&metric=logloss&s=random,tpe,smac&n=60&seed=1",
    ),
    preset(
        "pipeline",
        "A pipeline: scaling, selection, components and a model",
        "What stands before the model is searched with it: how features are scaled, how many are kept and by which score, how much variance the \
         components explain. All of it is learned in every fold anew, from its training rows alone; learned on all rows once, it would \
         whisper the validation rows' classes to the model, and the scores would be too good.",
        "data=wine&model=knn&prep=scale,select,pca&split=0.2&cv=5&metric=logloss&s=random,tpe,bayes&n=50&seed=1",
    ),
    preset(
        "one-parameter-matters",
        "One parameter matters: grid against random",
        "Of two parameters only the first counts, and nobody told. The grid's nine trials try three values of it, each three times; random \
         search tries nine. Over ten seeds random search mostly gets nearer; the grid always tries the same nine points.",
        "fn=one-matters&s=grid(levels:3),random&n=9&seed=1&reps=10",
    ),
    preset(
        "misleading-fidelity",
        "When cheap trials mislead",
        "Below half of the effort this function shows the opposite of what it is: what looks worst is best. Methods that judge by cheap trials \
         and drop the rest throw the good points away; random search, which only ever looks at full trials, is not fooled. Real training \
         curves that cross do this in small: a large network after two epochs, a strong regularization before it pays.",
        "fn=branin(low:reversed)&s=hyperband,random,bayes&n=30&seed=1",
    ),
    preset(
        "classic-grid",
        "Classic grid: 144 forests on Iris",
        "The textbook grid search: 4 × 4 × 3 × 3 settings of a random forest, each cross-validated in five stratified folds, the best one \
         trained again and scored on the held-out fifth.",
        "data=iris&model=forest&split=0.2&cv=5&metric=accuracy&p.n_estimators=10|50|100|200&p.max_depth=none|10|20|30&p.min_samples_split=2|5|10\
         &p.min_samples_leaf=1|2|4&s=grid&n=144&seed=42",
    ),
    preset(
        "classic-random",
        "Classic random: 100 of the 144",
        "The same lists, but 100 combinations drawn without replacement.",
        "data=iris&model=forest&split=0.2&cv=5&metric=accuracy&p.n_estimators=10|50|100|200&p.max_depth=none|10|20|30&p.min_samples_split=2|5|10\
         &p.min_samples_leaf=1|2|4&s=random&n=100&seed=42",
    ),
    preset(
        "classic-bayes",
        "Classic Bayesian: a generated problem",
        "Bayesian search over the same space on a generated problem of 1000 rows and 20 features, of which 2 are informative and 10 redundant. \
         A configuration is validated on a held-out fifth; the final test is on a fresh draw of the same problem.",
        "data=hypercube(n:1000,d:20,informative:2,redundant:10,seed:42)&model=forest&split=0&cv=hold:0.2&metric=accuracy&p.n_estimators=10|50|100|200&p.max_depth=none|10|20|30\
         &p.min_samples_split=2|5|10&p.min_samples_leaf=1|2|4&s=bayes&n=100&seed=42",
    ),
];

const fn preset(id: &'static str, title: &'static str, about: &'static str, text: &'static str) -> Entry<&'static str> {
    Entry {
        id,
        title,
        about,
        formula: "",
        paper: "",
        settings: &[],
        build: text,
    }
}
