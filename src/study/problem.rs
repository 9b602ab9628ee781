//! What a study optimizes: a model on data, or a test function.

use super::resolve::Reader;
use crate::objective::Objective;
use crate::objective::function::{FUNCTIONS, FunctionObjective};
use crate::registry::{Settings, find, ids};
use crate::seed::Seed;
use crate::space::Domain;
use crate::spec::{Call, Refusal};
use std::sync::Arc;

/// The words of a text that say what is optimized, each checked by itself.
pub(super) struct ProblemText {
    function: Option<Call>,
    domains: Vec<(String, Domain)>,
}

impl ProblemText {
    pub(super) fn read(reader: &mut Reader, _seed: Seed) -> Result<ProblemText, Refusal> {
        let function = reader.read("fn", |v| {
            let call = Call::parse(v)?;
            let entry = find(FUNCTIONS, &call.id);
            let entry =
                entry.ok_or_else(|| format!("unknown test function \"{}\"; accepted: {}", call.id, ids(FUNCTIONS)))?;
            let (_, wrong) = Settings::check(entry.id, entry.settings, &call.settings);
            if wrong.is_empty() {
                Ok(call)
            } else {
                Err(wrong.join("; "))
            }
        });
        let domains = reader.domains();
        Ok(ProblemText { function, domains })
    }
}

/// What is optimized, with what the page says of it.
pub(super) struct Problem {
    pub(super) objective: Arc<dyn Objective>,
    pub(super) facts: Vec<(String, String)>,
    pub(super) value_title: String,
    pub(super) configurations: Option<u64>,
    pub(super) cheap: bool,
}

impl Problem {
    pub(super) fn build(words: ProblemText, refused: &mut Vec<Refusal>, seed: Seed) -> Result<Problem, Refusal> {
        let Some(call) = &words.function else {
            return Err(Refusal::new("data", "not yet"));
        };
        Problem::function(call, words.domains, refused, seed)
    }

    fn function(
        call: &Call,
        mut domains: Vec<(String, Domain)>,
        refused: &mut Vec<Refusal>,
        seed: Seed,
    ) -> Result<Problem, Refusal> {
        let entry =
            find(FUNCTIONS, &call.id).ok_or_else(|| Refusal::new(&call.id, format!("accepted: {}", ids(FUNCTIONS))))?;
        let (settings, _) = Settings::check(entry.id, entry.settings, &call.settings);
        let names: Vec<&str> = entry.build.domain.iter().map(|(name, _, _)| *name).collect();
        keep_known(&mut domains, &names, entry.id, refused);
        let objective = FunctionObjective::new(entry, &settings, &domains, seed.derive("noise", 0));
        let objective = objective.map_err(|why| Refusal::new(&format!("fn={call}"), why))?;
        let facts = vec![
            ("Function".to_string(), entry.title.to_string()),
            ("Formula".to_string(), entry.formula.to_string()),
        ];
        let configurations = objective.space().size();
        Ok(Problem {
            objective: Arc::new(objective),
            facts,
            value_title: format!("{} value", entry.id),
            configurations,
            cheap: true,
        })
    }
}

/// Drops and refuses domains of parameters that `owner` does not have.
fn keep_known(domains: &mut Vec<(String, Domain)>, names: &[&str], owner: &str, refused: &mut Vec<Refusal>) {
    domains.retain(|(name, domain)| {
        let known = names.contains(&name.as_str());
        if !known {
            let why = format!("{owner} has no such parameter; accepted: {}", names.join(", "));
            refused.push(Refusal::new(&format!("p.{name}={domain}"), why));
        }
        known
    });
}
