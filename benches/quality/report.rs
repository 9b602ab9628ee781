//! Tables: regrets cell by cell, mean ranks, and how each of ours stands to each other optimizer.

use crate::statistics::{Sample, bootstrap, larger, ranks};

/// All that is known of one problem after a number of evaluations.
pub struct Cell {
    pub problem: String,
    pub evaluations: usize,
    /// Name of each optimizer, ours first, and its regrets.
    pub entries: Vec<(String, Sample)>,
}

impl Cell {
    pub fn find(&self, name: &str) -> Option<&Sample> {
        self.entries.iter().find(|(n, _)| n == name).map(|(_, s)| s)
    }
}

/// Fewer seeds than this are indicative only.
pub const ENOUGH: usize = 10;

/// Names in the order in which they first come.
pub fn names(cells: &[Cell]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in cells.iter().flat_map(|c| &c.entries) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Median and quartiles of every optimizer, a table a problem.
pub fn regrets(cells: &[Cell], marks: &[usize]) {
    let mut problems: Vec<&String> = cells.iter().map(|c| &c.problem).collect();
    problems.dedup();
    for problem in problems {
        println!("\n### {problem}: median simple regret (quartiles) after … evaluations\n");
        let heads: Vec<String> = marks.iter().map(ToString::to_string).collect();
        println!("| optimizer | seeds | {} |", heads.join(" | "));
        println!("|---|---|{}", "---|".repeat(marks.len()));
        let rows: Vec<&Cell> = cells.iter().filter(|c| c.problem == *problem).collect();
        for name in names(cells) {
            let Some(seeds) = rows.iter().find_map(|c| c.find(&name)).map(Sample::seeds) else {
                continue;
            };
            let told = |mark: &usize| {
                let sample = rows.iter().find(|c| c.evaluations == *mark).and_then(|c| c.find(&name));
                sample.map_or("–".to_string(), |s| {
                    let [low, middle, high] = s.quartiles();
                    format!("{} ({}–{})", short(middle), short(low), short(high))
                })
            };
            let columns: Vec<String> = marks.iter().map(told).collect();
            println!("| {name} | {seeds} | {} |", columns.join(" | "));
        }
    }
}

pub fn short(v: f64) -> String {
    if v == 0.0 {
        "0".into()
    } else if (1e-3..1e4).contains(&v) {
        let digits = (2 - libm::floor(libm::log10(v)) as i32).max(0) as usize;
        format!("{v:.digits$}")
    } else {
        format!("{v:.1e}")
    }
}

/// Mean rank of the medians over the cells, among optimizers that have enough seeds in every cell; the lowest is the best.
pub fn mean_ranks(cells: &[Cell], marks: &[usize]) {
    let everywhere = |name: &String| cells.iter().all(|c| c.find(name).is_some_and(|s| s.seeds() >= ENOUGH));
    let (full, partial): (Vec<String>, Vec<String>) = names(cells).into_iter().partition(everywhere);
    println!("\n### Mean rank over {} cells\n", cells.len());
    let heads: Vec<String> = marks.iter().map(|m| format!("at {m}")).collect();
    println!("| optimizer | all | {} |", heads.join(" | "));
    println!("|---|---|{}", "---|".repeat(marks.len()));
    let mut rows: Vec<(f64, String)> = Vec::new();
    let ranked: Vec<Vec<f64>> = cells
        .iter()
        .map(|c| {
            ranks(
                &full
                    .iter()
                    .filter_map(|n| c.find(n))
                    .map(Sample::median)
                    .collect::<Vec<_>>(),
            )
        })
        .collect();
    for (i, name) in full.iter().enumerate() {
        let mean = |mark: Option<usize>| {
            let own = cells
                .iter()
                .zip(&ranked)
                .filter(|(c, _)| mark.is_none_or(|m| c.evaluations == m));
            let own: Vec<f64> = own.map(|(_, r)| r[i]).collect();
            own.iter().sum::<f64>() / own.len() as f64
        };
        let columns: Vec<String> = marks.iter().map(|m| format!("{:.2}", mean(Some(*m)))).collect();
        rows.push((
            mean(None),
            format!("| {name} | {:.2} | {} |", mean(None), columns.join(" | ")),
        ));
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.iter().for_each(|(_, row)| println!("{row}"));
    if !partial.is_empty() {
        println!("\nNot ranked, for want of cells or seeds: {}.", partial.join(", "));
    }
}

/// How each of `ours` stands to every other optimizer over the cells that both have.
pub fn standings(cells: &[Cell], ours: &[String]) {
    println!("\n### One against one\n");
    println!(
        "No worse: the upper 95 % bootstrap bound on the difference of medians is within 1 % of random search's median at 10 evaluations."
    );
    println!(
        "Worse beyond chance: one-sided 5 %, Mann–Whitney among ours, by the bootstrap where only quartiles are known.\n"
    );
    println!(
        "| ours | other | cells | better median | equal | no worse | worse beyond chance | mean rank of the pair |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for own in ours {
        for other in names(cells).iter().filter(|n| *n != own) {
            let pairs: Vec<(&Cell, &Sample, &Sample)> = cells
                .iter()
                .filter_map(|c| Some((c, c.find(own)?, c.find(other)?)))
                .collect();
            let mut counts = [0usize; 4];
            for (cell, a, b) in &pairs {
                counts[0] += usize::from(a.median() < b.median());
                counts[1] += usize::from(a.median() == b.median());
                let (bound, share) = bootstrap(a, b);
                counts[2] += usize::from(bound <= 0.01 * yardstick(cells, &cell.problem));
                counts[3] += usize::from(match (a, b) {
                    (Sample::Own(a), Sample::Own(b)) => larger(a, b) < 0.05,
                    _ => share > 0.95,
                });
            }
            let few = pairs.iter().any(|(_, _, b)| b.seeds() < ENOUGH);
            let [better, equal, no_worse, worse] = counts;
            let rank =
                1.0 + (pairs.len() - better) as f64 / pairs.len() as f64 - 0.5 * equal as f64 / pairs.len() as f64;
            let mark = if few { " (few seeds)" } else { "" };
            println!(
                "| {own} | {other}{mark} | {} | {better} | {equal} | {no_worse} | {worse} | {rank:.2} : {:.2} |",
                pairs.len(),
                3.0 - rank
            );
        }
    }
}

/// Random search's median at the first mark: the peers' figure, else our own.
pub fn yardstick(cells: &[Cell], problem: &str) -> f64 {
    let first = cells
        .iter()
        .filter(|c| c.problem == problem)
        .min_by_key(|c| c.evaluations);
    first
        .and_then(|c| c.find("random*").or(c.find("random")))
        .map_or(0.0, Sample::median)
}

/// Lines of problem, optimizer, evaluations, seeds, median, first and third quartile, of ours.
pub fn csv(cells: &[Cell], ours: &[String]) {
    println!("problem,optimizer,evaluations,seeds,median,q1,q3");
    for cell in cells {
        for (name, sample) in cell.entries.iter().filter(|(n, _)| ours.contains(n)) {
            let [low, middle, high] = sample.quartiles();
            println!(
                "{},\"{name}\",{},{},{middle:.6e},{low:.6e},{high:.6e}",
                cell.problem,
                cell.evaluations,
                sample.seeds()
            );
        }
    }
}

/// Lines of problem, strategy, evaluations, seed and regret: those of one seed are a pair.
pub fn runs(cells: &[Cell]) {
    println!("problem,strategy,evaluations,seed,regret");
    for cell in cells {
        for (name, sample) in &cell.entries {
            let Sample::Own(regrets) = sample else { continue };
            for (seed, regret) in regrets.iter().enumerate() {
                println!("{},\"{name}\",{},{seed},{regret:e}", cell.problem, cell.evaluations);
            }
        }
    }
}
