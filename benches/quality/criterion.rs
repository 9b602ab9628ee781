//! The criterion strategies are held to: no worse than every peer, cell by cell, and nowhere worse than random search beyond chance.

use crate::report::{Cell, ENOUGH, names, short, yardstick};
use crate::statistics::{Sample, bootstrap, larger};

/// The numbers of evaluations that count.
const COUNTED: [usize; 4] = [20, 30, 50, 100];
/// What "beyond chance" is, one-sided.
const CHANCE: f64 = 0.05;

/// A peer that one of ours is worse than in a cell, or not surely no worse.
struct Failure<'a> {
    cell: &'a Cell,
    peer: String,
    medians: [f64; 2],
    bound: f64,
    allowed: f64,
}

/// Other optimizers with enough seeds in this cell. Random search is held to on its own.
fn peers(cell: &Cell) -> impl Iterator<Item = &(String, Sample)> {
    let counts =
        |(name, sample): &&(String, Sample)| name.ends_with('*') && name != "random*" && sample.seeds() >= ENOUGH;
    cell.entries.iter().filter(counts)
}

/// How each of `ours` fulfils the criterion: against each peer, against all of them at once, and against random search.
pub fn report(cells: &[Cell], ours: &[String]) {
    println!("\n### The criterion\n");
    println!(
        "No worse: the upper 95 % bootstrap bound on the difference of medians is within 1 % of random search's median at 10 evaluations. \
         Cells are problems at 20, 30, 50 and 100 evaluations for which a peer has a figure; peers with fewer than {ENOUGH} seeds don't count. \
         The goal is two thirds of the cells against every peer at once.\n"
    );
    let known = names(cells)
        .into_iter()
        .filter(|name| cells.iter().any(|c| peers(c).any(|(n, _)| n == name)));
    let known: Vec<String> = known.collect();
    let heads: Vec<&str> = known.iter().map(String::as_str).collect();
    println!("| no worse than | {} | every peer at once |", heads.join(" | "));
    println!("|---|{}---|", "---|".repeat(known.len()));
    let counted: Vec<&Cell> = cells
        .iter()
        .filter(|c| COUNTED.contains(&c.evaluations) && peers(c).next().is_some())
        .collect();
    let mut all: Vec<(&String, Vec<Failure>)> = Vec::new();
    for own in ours {
        let mut failures: Vec<Failure> = Vec::new();
        let mut columns: Vec<String> = Vec::new();
        for peer in &known {
            let pairs: Vec<(&&Cell, &Sample, &Sample)> = counted
                .iter()
                .filter_map(|c| Some((c, c.find(own)?, &peers(c).find(|(n, _)| n == peer)?.1)))
                .collect();
            let before = failures.len();
            for (cell, a, b) in &pairs {
                let (bound, allowed) = (bootstrap(a, b).0, 0.01 * yardstick(cells, &cell.problem));
                if bound > allowed {
                    failures.push(Failure {
                        cell,
                        peer: peer.clone(),
                        medians: [a.median(), b.median()],
                        bound,
                        allowed,
                    });
                }
            }
            columns.push(format!(
                "{} of {}",
                pairs.len() - (failures.len() - before),
                pairs.len()
            ));
        }
        let failed = |c: &&&Cell| failures.iter().any(|f| std::ptr::eq(f.cell, **c));
        let kept = counted.len() - counted.iter().filter(failed).count();
        let share = 100.0 * kept as f64 / counted.len().max(1) as f64;
        println!(
            "| {own} | {} | {kept} of {}, {share:.0} % |",
            columns.join(" | "),
            counted.len()
        );
        all.push((own, failures));
    }
    for (own, failures) in &all {
        listed(own, failures);
    }
    by_random(cells, ours);
}

/// The cells in which `own` fails, and by how much.
fn listed(own: &str, failures: &[Failure]) {
    println!("\n#### Where {own} is not surely no worse\n");
    println!("| cell | peer | median of {own} | of the peer | bound of the difference | allowed |");
    println!("|---|---|---|---|---|---|");
    let mut rows: Vec<&Failure> = failures.iter().collect();
    rows.sort_by(|a, b| (&a.cell.problem, a.cell.evaluations).cmp(&(&b.cell.problem, b.cell.evaluations)));
    for row in rows {
        let numbers = [row.medians[0], row.medians[1], row.bound, row.allowed].map(short);
        println!(
            "| {} at {} | {} | {} |",
            row.cell.problem,
            row.cell.evaluations,
            row.peer,
            numbers.join(" | ")
        );
    }
}

/// The cells in which one of `ours` is worse than random search.
fn by_random(cells: &[Cell], ours: &[String]) {
    println!("\n#### Worse than random search\n");
    println!(
        "Mann–Whitney, one-sided {} %. Of {} cells, {:.1} are found so by chance alone where nothing differs; beyond chance over all cells of a \
         strategy is p below {:.4} (Holm 1979).\n",
        100.0 * CHANCE,
        cells.len(),
        CHANCE * cells.len() as f64,
        CHANCE / cells.len().max(1) as f64
    );
    println!("| strategy | cells worse at 5 % | p of the worst | worse beyond chance over all |");
    println!("|---|---|---|---|");
    for own in ours.iter().filter(|o| *o != "random") {
        let mut worse: Vec<(f64, String)> = cells
            .iter()
            .filter_map(|c| match (c.find(own)?, c.find("random")?) {
                (Sample::Own(a), Sample::Own(b)) => Some((larger(a, b), format!("{} at {}", c.problem, c.evaluations))),
                _ => None,
            })
            .collect();
        worse.sort_by(|a, b| a.0.total_cmp(&b.0));
        // Holm: the k-th smallest p is held to chance by the number that are left.
        let sure = worse
            .iter()
            .enumerate()
            .take_while(|(k, (p, _))| *p < CHANCE / (worse.len() - k) as f64);
        let sure = sure.count();
        let least = worse.first().map_or("–".to_string(), |(p, _)| format!("{p:.4}"));
        let found: Vec<&str> = worse
            .iter()
            .filter(|(p, _)| *p < CHANCE)
            .map(|(_, name)| name.as_str())
            .collect();
        println!("| {own} | {} {} | {least} | {sure} |", found.len(), found.join(", "));
    }
}
