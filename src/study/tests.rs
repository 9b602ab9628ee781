use super::*;
use crate::trial::Origin;

fn study(text: &str) -> Study {
    let study = Study::prepare(text, || 0.0).unwrap_or_else(|refused| panic!("{text}: {refused:?}"));
    assert_eq!(study.prepared.refused, vec![], "{text}");
    study
}

fn lines(study: &mut Study, ahead: bool) -> Vec<String> {
    let mut lines = Vec::new();
    while !study.is_finished() {
        lines.extend(study.step(ahead).into_iter().map(|t| t.line));
    }
    lines
}

#[test]
fn evaluating_ahead_changes_no_byte_of_the_trace() {
    let text = "fn=branin&s=grid,random&n=12&seed=3";
    let (a, b) = (lines(&mut study(text), true), lines(&mut study(text), false));
    assert_eq!(a.len(), 24);
    assert_eq!(a, b);
}

#[test]
fn a_restored_study_goes_on_as_if_it_had_never_stopped() {
    let text = "fn=branin&s=random,grid(levels:3)&n=8&seed=5";
    let whole = lines(&mut study(text), true);
    for cut in [0, 1, 7, 16] {
        let mut second = study(text);
        let (trials, refused) = second.restore(whole[..cut].iter().map(|l| TrialLine::read(l)).collect(), None);
        assert_eq!((trials.len(), refused), (cut, vec![]));
        assert_eq!(lines(&mut second, true), whole[cut..]);
    }
}

#[test]
fn a_trial_that_killed_its_worker_is_failed_and_not_tried_again() {
    let mut s = study("fn=forrester&s=random&n=4&seed=5");
    let (trials, _) = s.restore(vec![], Some(Crashed { lane: 0, id: 0 }));
    assert!(matches!(&trials[0].outcome, Outcome::Failed { failed } if failed.starts_with("crashed")));
    assert_eq!(lines(&mut s, true).len(), 3);
}

#[test]
fn what_is_refused_is_named_and_the_rest_counts() {
    for (text, what) in [
        ("fn=branin&n=0", "n=0"),
        ("fn=branin&n=100001", "n=100001"),
        ("fn=branin&n=abc", "n=abc"),
        ("fn=branin&p.zzz=1..2", "p.zzz=1..2"),
        ("fn=branin&p.x1=5..1", "p.x1=5..1"),
        ("fn=branin&s=random(a:1)", "s=random(a:1)"),
        ("fn=branin&seed=-1", "seed=-1"),
        ("fn=branin(noise:x)", "fn=branin(noise:x)"),
        ("fn=branin&data=iris", "data"),
    ] {
        let s = Study::prepare(text, || 0.0).unwrap_or_else(|refused| panic!("{text}: {refused:?}"));
        let whats: Vec<&str> = s.prepared.refused.iter().map(|r| r.what.as_str()).collect();
        assert_eq!(whats, [what], "{text}");
    }
}

#[test]
fn a_finite_space_ends_by_itself_and_says_why() {
    let mut s = study("fn=branin&p.x1=1|2&p.x2=1..3&s=random,grid&n=50");
    assert_eq!(s.prepared.configurations, Some(6));
    assert_eq!(lines(&mut s, true).len(), 12);
    assert!(s.lanes.iter().all(|l| l.finished.is_some()));
    assert_eq!(s.report(0).expect("a report").ties, 1);
}

#[test]
fn a_changed_box_may_leave_the_optimum_out() {
    assert!(study("fn=branin").prepared.optimum.is_some());
    assert_eq!(study("fn=branin&p.x1=4..9").prepared.optimum, None);
}

#[test]
fn every_preset_is_accepted_and_its_trials_carry_their_origin() {
    for preset in PRESETS {
        let mut s = study(&format!("preset={}&n=3", preset.id));
        for lane in &s.prepared.lanes.clone() {
            assert!(lane.trials <= 3);
        }
        let trials = s.step(false);
        assert!(
            !trials.is_empty() && !matches!(trials[0].job.origin, Origin::Person),
            "{}",
            preset.id
        );
    }
}
