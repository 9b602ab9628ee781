//! The page.

fn main() {
    tunescape::ui::start();
}
