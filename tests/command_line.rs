//! The `tunescape` command as outside programs use it.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

fn tunescape(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tunescape"))
        .args(arguments)
        .output()
        .expect("the command starts")
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines()
        .map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{l}: {e}")))
        .collect()
}

#[test]
fn a_run_prints_its_trials_and_ends_with_the_best() {
    let output = tunescape(&["run", "fn=branin&s=random,grid(levels:3)&n=9&seed=3", "--json"]);
    let events = lines(&output);
    assert!(output.status.success());
    assert_eq!(events.iter().filter(|e| e["type"] == "trial").count(), 18);
    let done = events.last().expect("a last line");
    assert_eq!((&done["type"], &done["trials"]), (&json!("done"), &json!(18)));
    let values = events.iter().filter_map(|e| e["value"].as_f64());
    assert_eq!(done["best"]["value"].as_f64(), values.reduce(f64::min));
}

#[test]
fn several_seeds_are_compared_and_the_first_ones_trace_stays_what_it_is() {
    let text = "fn=branin&s=random,halton&n=9&seed=3";
    let alone = lines(&tunescape(&["run", text, "--json"]));
    let events = lines(&tunescape(&["run", &format!("{text}&reps=7"), "--json"]));
    assert_eq!(events[..18], alone[..18]);
    let comparison = &events[18];
    assert_eq!(
        (&comparison["type"], &comparison["seeds"]),
        (&json!("comparison"), &json!(7))
    );
    let ends = comparison["lanes"][1]["last"].as_array().expect("an end a seed");
    let best = events[..18]
        .iter()
        .filter(|e| e["strategy"] == "halton")
        .filter_map(|e| e["value"].as_f64());
    assert_eq!((ends.len(), ends[0].as_f64()), (7, best.reduce(f64::min)));
    let pair = &comparison["pairs"][0];
    let seeds: u64 = ["better", "equal", "worse"]
        .iter()
        .filter_map(|k| pair[k].as_u64())
        .sum();
    assert_eq!(seeds, 7);
    assert_eq!(tunescape(&["run", "fn=branin&reps=0"]).status.code(), Some(2));
}

#[test]
fn what_is_wrong_with_a_study_is_named_and_the_status_is_two() {
    for (text, word) in [
        ("data=nowhere", "nowhere"),
        ("n=0", "n=0"),
        ("n=100001", "100000"),
        ("fn=branin&zzz=1", "zzz"),
        ("preset=nope", "nope"),
        ("s=bayes(acq:nope)", "acq"),
        ("p.x=5..1&fn=branin", "5..1"),
        ("model=oracle", "oracle"),
        ("metric=luck", "luck"),
        ("cv=1", "cv=1"),
        ("split=1.5", "split=1.5"),
        ("cv=80", "cv=80"),
        ("p.n_estimators=0..5", "n_estimators"),
        ("p.colour=1..5", "colour"),
        ("%%%", "%%%"),
    ] {
        let output = tunescape(&["run", text]);
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{text}: {message}");
        assert!(
            message.contains(word) && !message.contains("panicked"),
            "{text}: {message}"
        );
    }
}

#[test]
fn the_summary_says_why_trials_failed() {
    let said = |text: &str| {
        let output = tunescape(&["run", text]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    let one = said("data=iris&model=knn&p.n_neighbors=500&s=random&n=1");
    assert!(
        one.contains("  failed      1 trial: fold 1: knn: n_neighbors = 500"),
        "{one}"
    );
    // Each has a reason of its own, of which three are told.
    let many = said("data=iris&model=knn&p.n_neighbors=500..504&s=grid&n=5");
    assert!(
        many.contains("  failed      5 trials; 1 of them: fold 1: knn: n_neighbors = 500"),
        "{many}"
    );
    assert!(
        many.contains("\n              1 of them: fold 1: knn: n_neighbors = 502"),
        "{many}"
    );
    assert!(
        many.contains("\n              and 2 trials for other reasons"),
        "{many}"
    );
    assert!(
        !many.contains("= 503") && many.contains("no trial gave a value"),
        "{many}"
    );
}

#[test]
fn the_catalog_lists_every_registry() {
    let catalog = &lines(&tunescape(&["catalog", "--json"]))[0];
    for (list, id) in [
        ("strategies", "bayes"),
        ("models", "forest"),
        ("datasets", "iris"),
        ("functions", "branin"),
        ("metrics", "logloss"),
        ("acquisitions", "logei"),
        ("stopping", "regret"),
        ("plots", "belief"),
        ("presets", "classic-grid"),
    ] {
        let entries = catalog[list].as_array().unwrap_or_else(|| panic!("{list}"));
        assert!(entries.iter().any(|e| e["id"] == id), "{id} in {list}");
    }
}

/// A session of `tunescape ask`.
struct Session {
    child: Child,
    replies: BufReader<std::process::ChildStdout>,
}

impl Session {
    fn start(space: &str, arguments: &[&str]) -> Session {
        let path = scratch("space.json");
        std::fs::write(&path, space).expect("a written space file");
        let mut command = Command::new(env!("CARGO_BIN_EXE_tunescape"));
        command
            .arg("ask")
            .arg("--space")
            .arg(&path)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("the command starts");
        let replies = BufReader::new(child.stdout.take().expect("its output"));
        Session { child, replies }
    }

    fn say(&mut self, line: &str) -> Value {
        let input = self.child.stdin.as_mut().expect("its input");
        writeln!(input, "{line}").expect("a written line");
        let mut reply = String::new();
        self.replies.read_line(&mut reply).expect("a reply");
        serde_json::from_str(&reply).unwrap_or_else(|e| panic!("{line} → {reply}: {e}"))
    }

    fn kill(mut self) {
        self.child.kill().expect("a running child");
        self.child.wait().expect("its end");
    }
}

/// A file of this test process.
fn scratch(name: &str) -> PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let unique = format!(
        "{}-{}-{name}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    );
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(unique)
}

const SPACE: &str = r#"{"direction":"maximize","params":[{"name":"x","type":"float","low":0,"high":1},
    {"name":"k","type":"categorical","choices":["a","b"]}]}"#;

#[test]
fn a_session_survives_malformed_lines() {
    let mut session = Session::start(SPACE, &["--strategy", "random"]);
    assert_eq!(session.say(r#"{"best":true}"#), json!({ "best": null }));
    let asked = session.say(r#"{"ask":2}"#);
    assert_eq!(asked["jobs"].as_array().map(Vec::len), Some(2));
    for wrong in [
        "not json",
        "{}",
        "[1,2]",
        r#"{"tell":{"id":999,"value":1}}"#,
        r#"{"ask":-1}"#,
        r#"{"ask":0}"#,
        r#"{"tell":{"id":0,"value":"x"}}"#,
        r#"{"tell":{"id":0,"value":1,"failed":"both"}}"#,
        r#"{"tell":{"config":{"x":2,"k":"a"},"value":1}}"#,
        r#"{"belief":[{"x":0.5}]}"#,
    ] {
        assert!(session.say(wrong)["error"].is_string(), "{wrong}");
    }
    assert_eq!(session.say(r#"{"tell":{"id":0,"value":0.25}}"#), json!({ "ok": true }));
    assert!(
        session.say(r#"{"tell":{"id":0,"value":0.5}}"#)["error"].is_string(),
        "told twice"
    );
    assert_eq!(
        session.say(r#"{"tell":{"id":1,"failed":"diverged"}}"#),
        json!({ "ok": true })
    );
    assert_eq!(
        session.say(r#"{"tell":{"config":{"k":"b","x":1},"value":2}}"#),
        json!({ "ok": true })
    );
    let best = session.say(r#"{"best":true}"#);
    assert_eq!(best["best"]["config"], json!({"x": 1.0, "k": "b"}));
    session.kill();
}

const REAL: &str = r#"{"direction":"minimize","params":[{"name":"x","type":"float","low":0,"high":1},
    {"name":"y","type":"float","low":0.001,"high":1,"log":true}]}"#;

#[test]
fn every_strategy_bears_hostile_tells_and_resumes_where_it_was() {
    let catalog = &lines(&tunescape(&["catalog", "--json"]))[0];
    let strategies = catalog["strategies"].as_array().expect("strategies");
    for id in strategies.iter().filter_map(|e| e["id"].as_str()) {
        let history = scratch("hostile.jsonl");
        let path = history.to_str().expect("a path in UTF-8").to_string();
        let arguments = ["--strategy", id, "--trials", "20", "--history", &path];
        let mut first = Session::start(REAL, &arguments);
        let gradient = r#""gradient":[0.5,-0.25]"#;
        for round in 0..7 {
            let asked = first.say(r#"{"ask":2}"#);
            let jobs = asked["jobs"].as_array().unwrap_or_else(|| panic!("{id}: {asked}"));
            let mut ids: Vec<u64> = jobs.iter().filter_map(|j| j["id"].as_u64()).collect();
            // The later one first.
            ids.reverse();
            for trial in ids {
                let value = ["1e300", "-1e300", "0.5", "1e300", "0.5"][((trial + round) % 5) as usize];
                let tell = match trial % 4 {
                    3 => format!(r#"{{"tell":{{"id":{trial},"failed":"diverged"}}}}"#),
                    _ => format!(r#"{{"tell":{{"id":{trial},"value":{value},{gradient}}}}}"#),
                };
                assert_eq!(first.say(&tell), json!({ "ok": true }), "{id}: {tell}");
                assert!(first.say(&tell)["error"].is_string(), "{id}: told twice");
            }
            for wrong in [
                r#"{"tell":{"id":7000,"value":1}}"#,
                r#"{"tell":{"config":{"x":0.5,"y":0.1},"value":NaN}}"#,
                r#"{"tell":{"config":{"x":0.5,"y":0.1},"value":1e999}}"#,
                r#"{"tell":{"config":{"x":0.5,"y":0.1},"value":1,"gradient":[1]}}"#,
                r#"{"tell":{"config":{"x":0.5,"y":0.1},"value":1,"fidelity":0}}"#,
            ] {
                assert!(first.say(wrong)["error"].is_string(), "{id}: {wrong}");
            }
        }
        let own = format!(r#"{{"tell":{{"config":{{"x":0.25,"y":0.125}},"value":0.25,{gradient}}}}}"#);
        assert_eq!(first.say(&own), json!({ "ok": true }), "{id}");
        let best = first.say(r#"{"best":true}"#)["best"]["value"].clone();
        let told = std::fs::read_to_string(&history).expect("a history");
        let next = first.say(r#"{"ask":1}"#);
        first.kill();
        // As it was before the last question.
        std::fs::write(&history, told).expect("a written history");
        let mut second = Session::start(REAL, &arguments);
        assert_eq!(second.say(r#"{"best":true}"#)["best"]["value"], best, "{id}");
        assert_eq!(second.say(r#"{"ask":1}"#)["jobs"], next["jobs"], "{id}");
        second.kill();
    }
}

#[test]
fn a_session_ends_by_its_stopping_rules_and_says_why() {
    let mut session = Session::start(
        SPACE,
        &["--strategy", "random", "--stop", "stagnation(trials:3),cost(limit:100)"],
    );
    for id in 0..4 {
        assert_eq!(session.say(r#"{"ask":1}"#)["jobs"].as_array().map(Vec::len), Some(1));
        session.say(&format!(r#"{{"tell":{{"id":{id},"value":1}}}}"#));
    }
    let end = session.say(r#"{"ask":1}"#);
    assert!(
        end["finished"].as_str().is_some_and(|why| why.contains("stagnation")),
        "{end}"
    );
    // A point of the program's own that improves lets it go on.
    session.say(r#"{"tell":{"config":{"k":"b","x":1},"value":2}}"#);
    assert_eq!(session.say(r#"{"ask":1}"#)["jobs"].as_array().map(Vec::len), Some(1));
    session.kill();
    let refused = Command::new(env!("CARGO_BIN_EXE_tunescape"))
        .args(["ask", "--strategy", "random", "--stop", "never", "--space"])
        .arg(scratch_space())
        .output()
        .expect("the command starts");
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn descent_without_gradients_says_what_it_lacks() {
    let mut session = Session::start(REAL, &["--strategy", "gradient"]);
    session.say(r#"{"ask":1}"#);
    session.say(r#"{"tell":{"id":0,"value":1}}"#);
    let end = session.say(r#"{"ask":1}"#);
    assert!(
        end["finished"]
            .as_str()
            .is_some_and(|why| why.contains("without a gradient")),
        "{end}"
    );
    session.kill();
    let refused = Command::new(env!("CARGO_BIN_EXE_tunescape"))
        .args(["ask", "--strategy", "gradient", "--space"])
        .arg(scratch_space())
        .output()
        .expect("the command starts");
    let why = String::from_utf8_lossy(&refused.stderr).to_string();
    assert!(
        refused.status.code() == Some(2) && why.contains("k has categories"),
        "{why}"
    );
}

#[test]
fn a_killed_session_resumes_from_its_history_file() {
    let history = scratch("history.jsonl");
    let path = history.to_str().expect("a path in UTF-8").to_string();
    let arguments = ["--strategy", "bayes", "--seed", "4", "--history", &path];
    let mut first = Session::start(SPACE, &arguments);
    let mut seen = Vec::new();
    for id in 0..4 {
        seen.push(first.say(r#"{"ask":1}"#)["jobs"][0]["config"].clone());
        first.say(&format!(r#"{{"tell":{{"id":{id},"value":{id}}}}}"#));
    }
    first.kill();
    // As if the machine had gone down in the middle of a line.
    std::fs::OpenOptions::new()
        .append(true)
        .open(&history)
        .and_then(|mut f| f.write_all(b"{\"asked\":{\"id\":4,"))
        .expect("a cut line");
    let mut second = Session::start(SPACE, &arguments);
    assert_eq!(second.say(r#"{"best":true}"#)["best"]["value"], json!(3.0));
    let next = second.say(r#"{"ask":1}"#)["jobs"][0].clone();
    assert_eq!(next["id"], json!(4));
    assert!(!seen.contains(&next["config"]), "{next}");
    second.kill();
    let other = Command::new(env!("CARGO_BIN_EXE_tunescape"))
        .args(["ask", "--space"])
        .arg(std::fs::canonicalize(scratch_space()).expect("a space file"))
        .args(["--strategy", "random", "--history", &path])
        .output();
    assert_eq!(
        other.expect("the command starts").status.code(),
        Some(2),
        "another strategy's history is refused"
    );
}

fn scratch_space() -> PathBuf {
    let path = scratch("other-space.json");
    std::fs::write(&path, SPACE).expect("a written space file");
    path
}

#[test]
fn a_table_of_ones_own_is_searched_and_its_mistakes_are_named() {
    let file = std::env::temp_dir().join(format!("tunescape-table-{}.csv", std::process::id()));
    let rows: String = (0..60)
        .map(|i| format!("{};{};{}\n", i % 7, i, ["low", "high"][i / 30]))
        .collect();
    std::fs::write(&file, format!("a;b;level\n{rows}")).expect("written");
    let path = file.to_str().expect("a path");
    let output = tunescape(&["run", "s=random&n=2&p.n_estimators=10..20", "--csv", path, "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(lines(&output)[0]["value"].as_f64().expect("a value") > 0.9);
    for (arguments, word) in [
        (vec!["--csv", path, "--target", "zzz"], "zzz"),
        (vec!["--csv", "/no/such/file"], "/no/such/file"),
        (vec!["--target", "a"], "--csv"),
        (vec![], "no table is there"),
    ] {
        let output = tunescape(&[vec!["run", "data=csv&s=random&n=1"], arguments].concat());
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(word), "{message}");
    }
    std::fs::remove_file(&file).expect("removed");
}

#[test]
fn a_table_is_read_as_the_options_say_and_what_is_odd_about_it_is_told() {
    let path = std::env::temp_dir().join(format!("tunescape-options-{}.csv", std::process::id()));
    let rows: String = (0..40).map(|i| format!("{i}|1,5|c{}\n", i % 2)).collect();
    std::fs::write(&path, rows).expect("a file");
    let csv = path.to_string_lossy().into_owned();
    let study = "model=tree&p.max_depth=1..3&s=random&n=2&cv=2&split=0.01&metric=auc";
    let run = |more: &[&str]| tunescape(&[&["run", study, "--csv", &csv], more].concat());
    let said = |more: &[&str]| String::from_utf8(run(more).stdout).expect("text");
    let report = said(&[
        "--header",
        "yes",
        "--separator",
        "bar",
        "--decimal",
        "comma",
        "--quote",
        "none",
    ]);
    assert!(report.contains("39 × 2 · 2 classes"), "{report}");
    assert!(
        report.contains("Notes        column \"1,5\" has one value only\n"),
        "{report}"
    );
    let events = lines(&run(&["--header", "no", "--json"]));
    assert_eq!(
        events[0],
        json!({"type": "note", "note": "column \"column 2\" has one value only"})
    );
    assert_eq!(events.iter().filter(|e| e["type"] == "trial").count(), 2);
    // One row held out has one class, so there is no test, and the last line says why.
    let test = &events.last().expect("a last line")["best"]["test"];
    assert!(
        test["failed"]
            .as_str()
            .is_some_and(|why| why.contains("of one class only")),
        "{test}"
    );
    for (flag, value, accepted) in [
        ("--header", "maybe", "yes, no"),
        ("--separator", "#", "comma, semicolon, tab, bar"),
        ("--decimal", "dot", "comma, point"),
        ("--quote", "odd", "double, single, none"),
    ] {
        let output = run(&[flag, value]);
        let why = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(2) && why.contains(&format!("accepted: {accepted}")),
            "{why}"
        );
    }
    std::fs::remove_file(&path).expect("the file");
}

#[test]
fn the_catalog_tells_what_else_a_model_takes_and_where_a_function_is_smallest() {
    let text = String::from_utf8(tunescape(&["catalog"]).stdout).expect("text");
    for line in [
        "p.class_weight (none, balanced)",
        "p.coef0 (a number)",
        "optimum: 3 at x1=0, x2=-1",
        "p.x1=-5.0..10.0",
    ] {
        assert!(text.contains(line), "{line}");
    }
    let catalog = &lines(&tunescape(&["catalog", "--json"]))[0];
    let of = |kind: &str, id: &str| {
        let all = catalog[kind].as_array().expect("entries");
        all.iter().find(|e| e["id"] == id).cloned().expect("an entry")
    };
    assert_eq!(
        of("models", "forest")["further"],
        json!([["class_weight", "none, balanced"]])
    );
    assert_eq!(
        of("functions", "goldstein-price")["optimum"],
        json!({"value": 3.0, "at": [{"x1": 0.0, "x2": -1.0}]})
    );
    assert_eq!(of("functions", "branin")["params"][0], json!(["x1", "-5.0..10.0"]));
}
