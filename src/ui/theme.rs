//! Light or dark: what the system prefers, unless the address or the person says otherwise.

use super::browser;

const KEY: &str = "tunescape-theme";

/// The theme on opening; `www/boot.js` has put a remembered one onto the root element already.
pub fn begin() -> bool {
    let named = browser::root().and_then(|r| r.get_attribute("data-theme"));
    // Put in force by name, so that style sheet and pictures agree if the system changes its mind.
    set(match named.as_deref() {
        Some("dark") => true,
        Some("light") => false,
        _ => browser::media("(prefers-color-scheme: dark)"),
    })
}

/// Puts a theme in force, and says whether it is dark.
pub fn set(dark: bool) -> bool {
    if let Some(root) = browser::root() {
        let _ = root.set_attribute("data-theme", if dark { "dark" } else { "light" });
    }
    dark
}

/// Large type and fewer panels, for a projector; the style sheet says how large.
pub fn present(on: bool) {
    let Some(root) = browser::root() else { return };
    let _ = if on {
        root.set_attribute("data-present", "")
    } else {
        root.remove_attribute("data-present")
    };
}

/// The other theme, remembered.
pub fn toggle(dark: bool) -> bool {
    browser::remember(KEY, if dark { "light" } else { "dark" });
    set(!dark)
}
