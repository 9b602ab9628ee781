//! `tunescape catalog`.

use crate::{Refused, say};
use tunescape::protocol::{Catalog, CatalogEntry};
use tunescape::space::number_text;

/// The catalog with the pictures this build can draw.
pub fn full() -> Catalog {
    Catalog {
        plots: tunescape::plot::PLOTS.iter().map(tunescape::study::entry).collect(),
        ..tunescape::study::catalog()
    }
}

/// Prints what there is to choose.
pub fn catalog(json: bool) -> Result<(), Refused> {
    let catalog = full();
    if json {
        return say(&serde_json::to_string(&catalog).map_err(|e| Refused::failure(e.to_string()))?);
    }
    for (title, entries) in [
        ("Presets", &catalog.presets),
        ("Strategies", &catalog.strategies),
        ("Models", &catalog.models),
        ("Steps", &catalog.steps),
        ("Data sets", &catalog.datasets),
        ("Test functions", &catalog.functions),
        ("Metrics", &catalog.metrics),
        ("Acquisition functions", &catalog.acquisitions),
        ("Stopping rules", &catalog.stopping),
        ("Plots", &catalog.plots),
    ] {
        say(title)?;
        entries.iter().try_for_each(print)?;
        say("")?;
    }
    say("A study text joins key=value pairs by &:")?;
    tunescape::spec::KEYS
        .iter()
        .try_for_each(|(key, about)| say(&format!("  {key:<8} {about}")))
}

fn print(entry: &CatalogEntry) -> Result<(), Refused> {
    say(&format!("  {:<16} {}", entry.id, entry.title))?;
    wrap(&entry.about, 96)
        .iter()
        .try_for_each(|line| say(&format!("      {line}")))?;
    for (name, text) in [
        ("formula", &entry.formula),
        ("source", &entry.paper),
        ("text", &entry.text),
    ] {
        if !text.is_empty() {
            say(&format!("      {name}: {text}"))?;
        }
    }
    entry
        .params
        .iter()
        .try_for_each(|(name, domain)| say(&format!("      p.{name}={domain}")))?;
    if let Some(optimum) = &entry.optimum {
        let at: Vec<String> = optimum.at.iter().map(ToString::to_string).collect();
        let (value, at) = (number_text(optimum.value), at.join("; or "));
        say(&format!("      optimum: {value} at {at}"))?;
    }
    for alike in entry.further.chunk_by(|a, b| a.1 == b.1) {
        let names: Vec<String> = alike.iter().map(|(name, _)| format!("p.{name}")).collect();
        say(&format!(
            "      further, searched only if named: {} ({})",
            names.join(", "),
            alike[0].1
        ))?;
    }
    entry.settings.iter().try_for_each(|s| {
        say(&format!(
            "      {}: {} ({}; default {})",
            s.id, s.about, s.accepted, s.default
        ))
    })
}

/// Breaks text at spaces into lines of at most `width` characters.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        if !lines[last].is_empty() && lines[last].chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_string());
        } else {
            if !lines[last].is_empty() {
                lines[last].push(' ');
            }
            lines[last].push_str(word);
        }
    }
    lines
}
