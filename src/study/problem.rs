//! What a study optimizes: a model on data, or a test function.

use super::recipe::{self, Recipe};
use super::resolve::Reader;
use crate::dataset::{Column, Cv, DATASETS, METRICS, Split};
use crate::objective::function::{FUNCTIONS, Function, FunctionObjective};
use crate::objective::{CrossValidation, Objective};
use crate::protocol::TableFacts;
use crate::registry::{Entry, Settings, find, ids};
use crate::seed::Seed;
use crate::space::{Constraint, Domain, Space};
use crate::spec::{Call, Refusal};
use std::sync::Arc;

/// What is optimized, with what the page says of it.
pub(super) struct Problem {
    pub(super) objective: Arc<dyn Objective>,
    pub(super) facts: Vec<(String, String)>,
    pub(super) table: Option<TableFacts>,
    pub(super) function: Option<&'static Entry<Function>>,
    pub(super) value_title: String,
    pub(super) bounds: (Option<f64>, Option<f64>),
    pub(super) configurations: Option<u64>,
    pub(super) cheap: bool,
    /// Rows that only the test sees.
    pub(super) test_rows: usize,
    /// Whether the data are encoded before all else.
    pub(super) raw: bool,
    /// What strategies may know of it beforehand.
    pub(super) known: crate::strategy::Facts,
}

/// Reads what is optimized and sets it up.
///
/// # Errors
/// Why it cannot be set up at all.
pub(super) fn read(reader: &mut Reader<'_>, seed: Seed) -> Result<Problem, Refusal> {
    match reader.read("fn", checked_function) {
        Some(call) => function(&call, reader, seed),
        None => model(reader, seed),
    }
}

/// A call of a test function, with its settings checked.
pub(super) fn checked_function(text: &str) -> Result<Call, String> {
    checked("test function", text, FUNCTIONS)
}

/// A call of an entry of `registry`, with its settings checked.
fn checked<B>(what: &str, text: &str, registry: &'static [Entry<B>]) -> Result<Call, String> {
    let call = Call::parse(text)?;
    let entry = find(registry, &call.id);
    let entry = entry.ok_or_else(|| format!("unknown {what} \"{}\"; accepted: {}", call.id, ids(registry)))?;
    let (_, wrong) = Settings::check(entry.id, entry.settings, &call.settings);
    if wrong.is_empty() {
        Ok(call)
    } else {
        Err(wrong.join("; "))
    }
}

/// The entry of a call that was checked before, and its settings.
fn entry_of<B>(
    key: &str,
    call: &Call,
    registry: &'static [Entry<B>],
) -> Result<(&'static Entry<B>, Settings), Refusal> {
    let entry = find(registry, &call.id).ok_or_else(|| Refusal::new(key, format!("accepted: {}", ids(registry))))?;
    Ok((entry, Settings::check(entry.id, entry.settings, &call.settings).0))
}

fn function(call: &Call, reader: &mut Reader<'_>, seed: Seed) -> Result<Problem, Refusal> {
    let (entry, settings) = entry_of("fn", call, FUNCTIONS)?;
    let params = entry.build.params(&settings);
    let domains = reader.domains(|name, text| {
        let Some(param) = params.iter().find(|p| p.name == name) else {
            let names: Vec<&str> = params.iter().map(|p| p.name.as_str()).collect();
            let names = names.join(", ");
            return Err(format!("{} has no such parameter; accepted: {names}", entry.id));
        };
        let domain = match param.domain {
            Domain::Float { .. } => Domain::parse_real(text),
            _ => Domain::parse(text),
        }?;
        // Each domain by itself, so that one that does not fit leaves all others in force.
        let alone = [(name.to_string(), domain.clone())];
        FunctionObjective::new(entry, &settings, &alone, seed).map(|_| domain)
    });
    let objective = FunctionObjective::new(entry, &settings, &domains, seed.derive("noise", 0));
    let objective = objective.map_err(|why| Refusal::new(&format!("fn={call}"), why))?;
    let space = shaped(reader, objective.space());
    let objective = objective.within(space);
    let mut facts = vec![
        ("Function", entry.title.to_string()),
        ("Formula", entry.formula.to_string()),
    ];
    if settings.int("variant") > 0 {
        facts.push((
            "Variant",
            "each argument mirrored or stretched within its range".to_string(),
        ));
    }
    Ok(Problem {
        configurations: objective.space().size(),
        objective: Arc::new(objective),
        facts: facts
            .into_iter()
            .map(|(name, value)| (name.to_string(), value))
            .collect(),
        table: None,
        function: Some(entry),
        value_title: format!("{} value", entry.id),
        bounds: (None, None),
        cheap: true,
        test_rows: 0,
        raw: false,
        known: crate::strategy::Facts {
            noise: Some(settings.float("noise")),
            has_fidelity: entry.build.low.is_some(),
            has_gradient: true,
            ..Default::default()
        },
    })
}

/// `space` with the text's inequalities and priors, as far as they can be kept.
fn shaped(reader: &mut Reader<'_>, space: &Space) -> Space {
    let constrained = reader.read("where", |v| space.clone().constrained(Constraint::parse_list(v)?));
    reader.believed(constrained.unwrap_or_else(|| space.clone()))
}

fn model(reader: &mut Reader<'_>, seed: Seed) -> Result<Problem, Refusal> {
    let missing = |key: &str| Refusal::new(key, "it is missing");
    let csv = reader.csv;
    let checked_data = |v: &str| {
        match v {
        "csv" if csv.is_none() => Err(
            "no table is there; accepted: a table of one's own, on the command line by --csv FILE, on the page by dropping a file".into(),
        ),
        "csv" => Ok(None),
        v => checked("data set", v, DATASETS).map(Some),
    }
    };
    let data = reader.read("data", checked_data).ok_or_else(|| missing("data"))?;
    let (dataset, data_title) = match (&data, csv) {
        (Some(call), _) => {
            let (entry, settings) = entry_of("data", call, DATASETS)?;
            let dataset = (entry.build)(&settings, seed.derive("data", 0));
            (
                dataset.map_err(|why| Refusal::new(&format!("data={call}"), why))?,
                entry.title,
            )
        }
        (None, Some(csv)) => (csv.dataset(), "A table of one's own"),
        (None, None) => return Err(missing("data")),
    };
    let columns = dataset.rows.columns();
    let features = columns.map_or(dataset.rows.features(), |all| all.iter().map(Column::width).sum());
    let recipe = Recipe {
        models: reader.read("model", recipe::models).ok_or_else(|| missing("model"))?,
        steps: reader
            .read("prep", |v| recipe::fitting_steps(v, features))
            .unwrap_or_default(),
    };
    let metric = reader
        .read("metric", |v| checked("metric", v, METRICS))
        .ok_or_else(|| missing("metric"))?;
    let no_split = |v: &str| {
        if v == "0" {
            Ok(None)
        } else {
            Split::parse(v).map(Some).map_err(|why| format!("{why}, or 0"))
        }
    };
    let split = reader.read("split", no_split).flatten();
    let cv = reader.read("cv", Cv::parse).ok_or_else(|| missing("cv"))?;
    let (metric_entry, _) = entry_of("metric", &metric, METRICS)?;

    let domains = reader.domains(|name, text| recipe.domain(name, text, features));
    let space = recipe.space(&domains).map_err(|why| Refusal::new("p.NAME", why))?;
    let space = shaped(reader, &space);
    let joint = recipe.is_joint();
    let by_rows = |v: &str| match v {
        "model" if joint => Err("several models have no trees or epochs in common; accepted: rows".into()),
        "model" => Ok(false),
        "rows" => Ok(true),
        _ => Err("accepted: model (a share of its trees or epochs) or rows (a share of the training rows)".into()),
    };
    let by_rows = reader.read("fidelity", by_rows).unwrap_or(false) || joint;
    let raw = dataset.rows.columns().is_some();
    let build = recipe.build(raw);
    let space = Arc::new(space);
    let named = recipe.ids();
    let new = |split: Option<Split>, cv: Cv| {
        let made = CrossValidation::new(&dataset, build.clone(), space.clone(), split, cv, metric_entry, seed);
        made.map(|objective| {
            let objective = objective.called(&named);
            if by_rows { objective.by_rows() } else { objective }
        })
    };
    // A split or folds that the data cannot give are the text's mistake; the page still opens, with what nearly every data set can give.
    let (mut split, mut cv, mut mended) = (split, cv, Vec::new());
    let objective = loop {
        let unfit = match new(split, cv) {
            Ok(objective) => break objective,
            Err(unfit) => unfit,
        };
        if unfit.key == "data" {
            return Err(Refusal::new("data", unfit.why));
        }
        // What was put in its place is nobody's mistake: what was given is.
        if mended.contains(&unfit.key) {
            return Err(reader
                .refused
                .pop()
                .unwrap_or_else(|| Refusal::new(unfit.key, unfit.why)));
        }
        mended.push(unfit.key);
        if unfit.key == "split" {
            reader.refuse("split", "0", unfit.why)?;
            split = None;
        } else {
            let plain = reader.refuse("cv", "5~plain", unfit.why)?;
            cv = Cv::parse(&plain).map_err(|why| Refusal::new("cv", why))?;
        }
    };
    let f = objective.facts();
    let rows = format!(
        "{} · {} × {} · {} classes",
        data_title,
        f.rows,
        f.features,
        f.classes.len()
    );
    let counts = dataset.rows.class_counts();
    let table = TableFacts {
        rows: f.rows as u32,
        features: f.features as u32,
        classes: f
            .classes
            .iter()
            .cloned()
            .zip(counts.iter().map(|n| *n as u32))
            .collect(),
    };
    let balance: Vec<String> = f
        .classes
        .iter()
        .zip(counts)
        .map(|(name, n)| format!("{name} {n}"))
        .collect();
    let times = |repeats| {
        if repeats > 1 {
            format!(", {repeats} times over")
        } else {
            String::new()
        }
    };
    let validation = match cv {
        Cv::Hold(share) => format!("a share of {} held out", share.test),
        Cv::LeaveOneOut => format!("leave one out, {} fits", f.fits),
        Cv::Grouped { folds, repeats } => format!("{folds} folds of whole groups{}", times(repeats)),
        Cv::Folds {
            folds,
            repeats,
            stratified,
        } => {
            let kind = if stratified { "stratified" } else { "plain" };
            format!("{folds} {kind} folds{}", times(repeats))
        }
    };
    let tested = match (f.test_rows, f.fresh_test) {
        (0, _) => "none".to_string(),
        (n, true) => format!("{n} fresh rows of the same problem"),
        (n, false) => format!("{n} rows that no trial sees"),
    };
    let (models, steps) = recipe.titles();
    let mut facts = vec![("Data", rows), ("Classes", balance.join(", ")), ("Model", models)];
    facts.extend(steps.map(|steps| ("Preparation", steps)));
    let notes = csv
        .filter(|_| data.is_none())
        .map(|csv| csv.description.notes.join("; "));
    facts.extend(notes.filter(|notes| !notes.is_empty()).map(|notes| ("Notes", notes)));
    facts.extend([
        ("Trials see", format!("{} rows", f.train_rows)),
        ("Validation", validation),
        ("Final test", tested),
    ]);
    let scored = if matches!(cv, Cv::Hold(_)) {
        "validation"
    } else {
        "cross-validated"
    };
    Ok(Problem {
        configurations: space.size(),
        facts: facts
            .into_iter()
            .map(|(name, value)| (name.to_string(), value))
            .collect(),
        table: Some(table),
        function: None,
        value_title: format!("{scored} {}", metric_entry.title.to_lowercase()),
        bounds: metric_entry.build.bounds,
        cheap: false,
        test_rows: f.test_rows,
        raw,
        known: crate::strategy::Facts {
            models: recipe.models.iter().map(|part| part.id.to_string()).collect(),
            rows: Some(f.train_rows),
            metric: Some(metric_entry.id.into()),
            noise: None,
            has_fidelity: true,
            has_gradient: objective.meets(crate::trial::Need::Gradient).is_ok(),
        },
        objective: Arc::new(objective),
    })
}
