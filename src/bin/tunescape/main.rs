//! The `tunescape` command: real hyperparameter optimization from the command line.

mod ask;
mod list;
mod run;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Real hyperparameter optimization: grid, random and Bayesian search over real models and data.
#[derive(Parser)]
#[command(name = "tunescape", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Subcommands,
}

#[derive(Subcommand)]
enum Subcommands {
    /// Run a study: 'preset=classic-grid', 'fn=branin&s=random,bayes&n=30'
    Run {
        /// The study text; `tunescape catalog` lists what it can name
        study: String,
        /// Print one JSON event a line
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        table: run::TableOptions,
    },
    /// Let a strategy propose for an objective of your own, over standard input and output, one JSON object a line
    Ask(ask::Options),
    /// List strategies, models, data sets, plots and presets
    Catalog {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Run a study and draw one of the page's pictures as SVG
    Plot {
        /// The picture; `tunescape catalog` lists them
        kind: String,
        /// The study text
        study: String,
        /// The file to write
        #[arg(short, long)]
        output: std::path::PathBuf,
        /// Which strategy, from 1
        #[arg(long, default_value_t = 1)]
        strategy: usize,
        /// What lies beneath the points of the space: points, truth, mean, uncertainty, acquisition, error
        #[arg(long)]
        layer: Option<String>,
        /// The dark palette
        #[arg(long)]
        dark: bool,
    },
}

/// What the command line refuses: the message, and the exit status that goes with it.
pub struct Refused {
    message: String,
    status: u8,
}

impl Refused {
    /// Something the caller can mend: exit status 2.
    pub fn usage(message: impl Into<String>) -> Refused {
        Refused {
            message: message.into(),
            status: 2,
        }
    }

    /// Something that went wrong on the way: exit status 1.
    pub fn failure(message: impl Into<String>) -> Refused {
        Refused {
            message: message.into(),
            status: 1,
        }
    }
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Subcommands::Run { study, json, table } => run::run(&study, &table, json),
        Subcommands::Ask(options) => ask::session(&options),
        Subcommands::Catalog { json } => list::catalog(json),
        Subcommands::Plot {
            kind,
            study,
            output,
            strategy,
            layer,
            dark,
        } => run::plot(&kind, &study, &output, strategy, layer.as_deref(), dark),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(refused) => {
            eprintln!("tunescape: {}", refused.message);
            ExitCode::from(refused.status)
        }
    }
}

/// Prints a line; a reader that has gone away ends the command quietly.
pub fn say(line: &str) -> Result<(), Refused> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(|e| Refused::failure(format!("cannot write: {e}")))
}
