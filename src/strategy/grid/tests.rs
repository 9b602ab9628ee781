//! Levels and orders.

use super::*;
use crate::strategy::testing::space;

fn grid(space: &Arc<Space>, settings: &[(&str, &str)], trials: usize) -> Grid {
    let given: Vec<_> = settings.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    let (settings, refused) = Settings::check("grid", ENTRY.settings, &given);
    assert_eq!(refused, Vec::<String>::new());
    Grid::new(space, &settings, &Plan::new(crate::seed::Seed(3), trials)).expect("a grid")
}

#[test]
fn ranges_share_the_trials_and_lists_stay_whole() {
    let space = space(&[("a", "1..100"), ("b", "1e-4..1~log"), ("c", "{u,v}")]);
    let mut grid = grid(&space, &[], 40);
    // 5 × 4 × 2 = 40 cells; the ends of every range are among the levels.
    assert_eq!((grid.levels.clone(), grid.cells), (vec![5, 4, 2], 40));
    assert_eq!(grid.cell(0).expect("a cell").key(), "a=1, b=0.0001, c=u");
    assert_eq!(grid.cell(39).expect("a cell").key(), "a=100, b=1, c=v");
    assert_eq!(grid.cell(40), None);
}

#[test]
fn a_random_order_visits_the_same_cells() {
    let space = space(&[("a", "1..7"), ("b", "0.0..1.0")]);
    let mut plain = grid(&space, &[("levels", "5")], 9);
    let mut shuffled = grid(&space, &[("levels", "5"), ("order", "random")], 9);
    let keys = |g: &mut Grid| (0..25).map(|k| g.cell(k).expect("25 cells").key()).collect::<Vec<_>>();
    let (mut a, mut b) = (keys(&mut plain), keys(&mut shuffled));
    assert_ne!(a, b);
    a.sort();
    b.sort();
    assert_eq!(a, b);
}

#[test]
fn coarse_to_fine_covers_the_space_at_every_stage() {
    let space = space(&[("a", "0..8"), ("b", "0.0..1.0"), ("c", "{u,v}")]);
    let mut grid = grid(&space, &[("levels", "9"), ("order", "coarse-to-fine")], 200);
    let cells: Vec<String> = (0..162).map(|k| grid.cell(k).expect("162 cells").key()).collect();
    assert_eq!(grid.cell(162), None);
    // The middle with each category, then grids of 3, 5 and 9 levels, each of which holds the one before.
    let mut first = cells[..2].to_vec();
    first.sort();
    assert_eq!(first, ["a=4, b=0.5, c=u", "a=4, b=0.5, c=v"]);
    for (end, spacing) in [(18, 4), (50, 2), (162, 1)] {
        let mut coarse = Vec::new();
        for (a, b) in (0..81)
            .map(|k| (k / 9, k % 9))
            .filter(|(a, b)| a % spacing == 0 && b % spacing == 0)
        {
            for c in ["u", "v"] {
                coarse.push(format!("a={a}, b={}, c={c}", f64::from(b) / 8.0));
            }
        }
        let mut visited = cells[..end].to_vec();
        visited.sort();
        coarse.sort();
        assert_eq!(visited, coarse);
    }
}
