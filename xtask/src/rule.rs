//! Which functions of a module stand in which part, by their names.

/// How a module is split.
#[derive(Debug, Clone, Copy)]
pub struct Split {
    /// Names of the functions that are needed until the page can be used, a line each, as `known` writes them: they stay. They were
    /// observed (`cargo xtask first-load`).
    pub first: &'static str,
    /// Where all others stand: by the first rule that moves them.
    pub parts: &'static [Rule],
}

/// Which functions stand in a part, by their paths in the source.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The part.
    pub name: &'static str,
    /// Modules and types whose functions, and functions made for them, stand in it; none means all.
    pub moved: &'static [&'static str],
    /// Last parts of names, or paths as above, that stand elsewhere all the same.
    pub kept: &'static [&'static str],
    /// Paths of what is needed at first and also called in inner loops of this part, where a call across modules would cost: it stands in
    /// both.
    pub both: &'static [&'static str],
}

impl Rule {
    /// Whether a function stands here, if it is not needed at first.
    pub fn moves(&self, name: &str) -> bool {
        let name = plain(name);
        let own = name.split("::{closure").next().unwrap_or_default();
        let last = own.rsplit("::").next().unwrap_or_default();
        let stays = |part: &&str| {
            if part.contains("::") {
                mentions(&name, part)
            } else {
                last == *part
            }
        };
        (self.moved.is_empty() || any_in(self.moved, &name)) && !self.kept.iter().any(stays)
    }

    /// Whether a function that is needed at first stands here, too.
    pub fn doubles(&self, name: &str) -> bool {
        any_in(self.both, &plain(name))
    }
}

/// A name as the lists have it: without what changes with every other change, the marks of crates, the numbers of closures and of
/// functions that share a name.
pub fn known(name: &str) -> String {
    let name = plain(name);
    let mut pieces = name.split("{closure#");
    let mut text = pieces.next().unwrap_or_default().to_string();
    for piece in pieces {
        text += "{closure";
        text += piece.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    loop {
        let digits = |text: &str, after: char| {
            let bare = text.trim_end_matches(|c: char| c.is_ascii_digit());
            (bare.len() < text.len()).then_some(())?;
            bare.strip_suffix(after).map(str::len)
        };
        let shorter = digits(&text, '.').or_else(|| digits(text.strip_suffix(']')?, '['));
        match shorter {
            Some(length) => text.truncate(length),
            None => return text,
        }
    }
}

fn any_in(paths: &[&str], name: &str) -> bool {
    paths.iter().any(|path| mentions(name, path))
}

/// Whether `path` stands in `name` as whole words.
fn mentions(name: &str, path: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    name.match_indices(path)
        .any(|(at, _)| !name[..at].ends_with(is_word) && !name[at + path.len()..].starts_with(is_word))
}

/// A name without the marks that tell versions of a crate apart.
fn plain(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut left = name;
    while let Some((before, inside)) = left.split_once('[') {
        text.push_str(before);
        match inside.split_once(']') {
            Some((mark, after)) if mark.len() > 8 && mark.bytes().all(|b| b.is_ascii_hexdigit()) => left = after,
            _ => {
                text.push('[');
                left = inside;
            }
        }
    }
    text + left
}

#[cfg(test)]
mod tests {
    use super::{Rule, known, plain};

    const RULE: Rule = Rule {
        name: "rest",
        moved: &["model::knn", "fitted::Grown<2usize"],
        kept: &["build", "raw_vec::RawVec"],
        both: &["libm"],
    };

    #[test]
    fn names_lose_only_what_tells_crates_apart() {
        assert_eq!(
            plain("<[(f64, bool)]>::sort::<tunescape[24d26357971e5f7a]::A>"),
            "<[(f64, bool)]>::sort::<tunescape::A>"
        );
    }

    #[test]
    fn a_name_in_the_lists_has_no_numbers_that_change() {
        for (name, listed) in [
            (
                "<worker[24d26357971e5f7a]::Worker>::obey::{closure#12}::{closure#0}",
                "<worker::Worker>::obey::{closure}::{closure}",
            ),
            (
                "core[8d76862ca8e90882]::ptr::drop_glue::<Origin>[1]",
                "core::ptr::drop_glue::<Origin>",
            ),
            ("<Origin as Clone>::clone.1346", "<Origin as Clone>::clone"),
            ("<[u64; 8]>::len", "<[u64; 8]>::len"),
            ("wbg_rayon_start_worker", "wbg_rayon_start_worker"),
        ] {
            assert_eq!(known(name), listed);
        }
    }

    #[test]
    fn functions_move_by_whole_words_of_their_paths() {
        for moved in [
            "<tunescape[24d26357971e5f7a]::model::knn::Neighbours as tunescape[24d26357971e5f7a]::model::Model>::fit",
            "core[8d76862ca8e90882]::slice::sort::<tunescape[24d26357971e5f7a]::model::knn::Row>",
            "<tunescape[24d26357971e5f7a]::model::forest::fitted::Grown<2usize, 32usize>>::add",
        ] {
            assert!(RULE.moves(moved), "{moved}");
        }
        for stays in [
            "tunescape[24d26357971e5f7a]::model::knn_like::fit",
            "tunescape[24d26357971e5f7a]::model::knn::build::{closure#1}",
            "<alloc[33c5930c85a12de8]::raw_vec::RawVec<tunescape[24d26357971e5f7a]::model::knn::Row>>::grow_one",
            "<tunescape[24d26357971e5f7a]::model::forest::fitted::Grown<20usize>>::add",
        ] {
            assert!(!RULE.moves(stays), "{stays}");
        }
        assert!(RULE.doubles("libm[92a5e4197136d4e9]::math::exp::exp"));
    }
}
