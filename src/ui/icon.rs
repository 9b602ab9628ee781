//! Icons as inline SVG: no font has them everywhere.

use yew::prelude::*;

/// An icon of 16 × 16 in the colour of its text; it says nothing to assistive technology, its button does.
pub fn icon(name: &str) -> Html {
    let (path, filled) = match name {
        "run" => ("M4.5 2.8v10.4L13 8z", true),
        "pause" => ("M4 3h3v10H4zM9 3h3v10H9z", true),
        "step" => ("M3 3.4v9.2L9.5 8zM11 3.4h2v9.2h-2z", true),
        "back" => ("M11.5 3v10L3.5 8z", true),
        "reset" => ("M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3", false),
        "seed" => ("M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3", false),
        "share" => ("M8 10V2.5M5.2 5 8 2.2 10.8 5M4 8H3v5.5h10V8h-1", false),
        "download" => ("M8 2v8M5 7.2 8 10.2l3-3M3 13.5h10", false),
        "theme" => ("M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11", false),
        "close" => ("M4 4l8 8M12 4l-8 8", false),
        "fold" => ("M4 10l4-4 4 4", false),
        "unfold" => ("M4 6l4 4 4-4", false),
        "enlarge" => ("M9.5 3H13v3.5M6.5 13H3V9.5M13 3 9 7M3 13l4-4", false),
        "shrink" => ("M13 6.5H9.5V3M3 9.5h3.5V13M9.5 6.5 13.5 2.5M6.5 9.5 2.5 13.5", false),
        "present" => ("M2 3h12v8H2zM8 11v2.5M5.5 13.5h5", false),
        "card" => (
            "M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 1 0 8 2.2M8 7.4v3.6M8 5v.1",
            false,
        ),
        "lesson" => ("M2.5 3.5h4L8 4.6l1.5-1.1h4v9h-4L8 13.4l-1.5-.9h-4zM8 4.6v8.6", false),
        "game" => (
            "M8 3.2a4.8 4.8 0 1 0 0 9.6A4.8 4.8 0 1 0 8 3.2M8 1.5V5M8 11v3.5M1.5 8H5M11 8h3.5",
            false,
        ),
        "right" => ("M3.5 8.5l3 3 6-7", false),
        "runs" => ("M3 3h10v3H3zM3 8h10v5H3zM6.5 10.5h3", false),
        "undo" => ("M5.5 2.5 2.5 5.5l3 3M2.5 5.5h6.5a4 4 0 0 1 0 8H6", false),
        "redo" => ("M10.5 2.5l3 3-3 3M13.5 5.5H7a4 4 0 0 0 0 8h3", false),
        "plus" => ("M8 3v10M3 8h10", false),
        _ => ("", false),
    };
    // The theme's left half is filled: light and dark.
    let half = (name == "theme").then(|| html! { <path d="M8 2.5a5.5 5.5 0 1 0 0 11z" fill="currentColor" /> });
    let fill = if filled { "currentColor" } else { "none" };
    let stroke = if filled { "none" } else { "currentColor" };
    html! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d={path.to_string()} {fill} {stroke} stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" />
            { for half }
        </svg>
    }
}
