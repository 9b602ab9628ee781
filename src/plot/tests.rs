use super::examples::all;
use super::*;

/// `LOOK=folder cargo test look -- --ignored` writes every picture of every example, to be looked at.
#[test]
#[ignore = "writes files to be looked at"]
fn look() {
    let folder = std::env::var("LOOK").expect("LOOK names a folder");
    for (w, h) in [(300, 220), (560, 380), (1200, 800)] {
        for example in all() {
            for plot in PLOTS {
                for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
                    let frame = Frame {
                        width: w,
                        height: h,
                        scale: 1.0,
                        theme,
                    };
                    let svg = svg(plot.id, &example.view, &example.focus, &frame).expect("a picture");
                    let file = format!("{folder}/{}-{}-{w}-{name}.svg", example.name.replace(' ', "_"), plot.id);
                    std::fs::write(file, svg).expect("a file");
                }
            }
        }
    }
}
