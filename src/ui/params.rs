//! Choosing a parameter: a button each where they are few, else one menu in groups.

use yew::prelude::*;

/// From this many on buttons would take rows upon rows.
pub const MANY: usize = 9;

/// Options of a menu: parameters of a part, `svm.gamma`, in a group of their own behind those of none.
pub fn options(names: &[&str], now: &str) -> Html {
    let option = |name: &str| html! { <option key={name.to_string()} value={name.to_string()} selected={name == now} translate="no">{ name }</option> };
    let part = |name: &str| name.split_once('.').map(|(part, _)| part.to_string());
    let mut parts: Vec<String> = Vec::new();
    for part in names.iter().filter_map(|n| part(n)) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    let group = |of: &String| {
        let own = names.iter().filter(|n| part(n).as_ref() == Some(of));
        html! { <optgroup key={of.clone()} label={of.clone()} translate="no">{ for own.map(|n| option(n)) }</optgroup> }
    };
    html! {
        <>
            { for names.iter().filter(|n| part(n).is_none()).map(|n| option(n)) }
            { for parts.iter().map(group) }
        </>
    }
}
