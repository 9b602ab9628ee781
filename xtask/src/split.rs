//! Splits a module in two: what the opening study needs, and the rest, which is fetched when one of its functions is first called.
//!
//! Every function of the rest that the first part mentions stays there as a few instructions that see to it that the rest is loaded
//! and go on through the table. The rest shares memory, table and globals with the first part. The two are one program: which
//! functions stand where changes no result.

use crate::fingerprint::Hash;
use anyhow::{Context, Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use walrus::ir::{UnaryOp, Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalId, GlobalKind,
    ImportedFunction, MemoryId, Module, ModuleConfig, TableId, ValType, passes,
};

/// What fetches the rest, at the end of the generated script. It needs `wasm`, the exports of the first part.
const SCRIPT: &str = include_str!("split.js");
/// What decides how a module is split, for keys of what is kept.
pub const SOURCES: &str = concat!(
    include_str!("split.rs"),
    include_str!("split.js"),
    include_str!("first_load.rs")
);
/// How the generated script hands over its imports.
const IMPORTS: &str = "    return {\n        __proto__: null,\n";

/// Instructions of what stays in place of a function: a smaller one is not worth moving.
const DOOR: u64 = 12;

/// Which functions stand in the rest, by their paths in the source.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Modules and types whose functions, and functions made for them, are not needed at first.
    pub rest: &'static [&'static str],
    /// Last parts of names, or paths as above, that are needed at first all the same: what the catalogue is made of.
    pub first: &'static [&'static str],
    /// Paths of what is needed at first and also called in inner loops of the rest, where a call across modules would cost: it stands in
    /// both.
    pub both: &'static [&'static str],
}

impl Rule {
    fn moves(&self, name: &str) -> bool {
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
        !name.starts_with("core::ptr::drop") && any_in(self.rest, &name) && !self.first.iter().any(stays)
    }

    fn doubles(&self, name: &str) -> bool {
        any_in(self.both, &plain(name))
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

/// Splits `NAME_bg.wasm`, which has names, in place; the rest is written beside it, as `NAME_rest.wasm`, and `NAME.js`, the script that
/// wasm-bindgen made, is told how to fetch it.
///
/// # Errors
/// If a file cannot be read or written, or is not of the kind that is expected here.
pub fn split(module: &Path, rule: Rule) -> Result<()> {
    let bytes = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    // A rest of another build would be another program: its name for the first part does not fit then.
    let mark = Hash::new().add(&bytes).hex();
    let (first, rest) = parts(&bytes, rule, &mark)?;
    let name = module.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let stem = name
        .strip_suffix("_bg.wasm")
        .context("a module is not named as wasm-bindgen does")?;
    let beside = format!("{stem}_rest.wasm");
    fs::write(module, first).with_context(|| format!("cannot write {}", module.display()))?;
    fs::write(module.with_file_name(&beside), rest).with_context(|| format!("cannot write {beside}"))?;

    let script = module.with_file_name(format!("{stem}.js"));
    let text = fs::read_to_string(&script).with_context(|| format!("cannot read {}", script.display()))?;
    ensure!(
        text.matches(IMPORTS).count() == 1,
        "{} hands over its imports in another way",
        script.display()
    );
    let text = text.replace(IMPORTS, &format!("{IMPORTS}        rest: {{ load: loadRest }},\n"));
    let own = SCRIPT.replace("$FILE", &beside).replace("$MARK", &mark);
    fs::write(&script, text + &own).with_context(|| format!("cannot write {}", script.display()))
}

/// What the bodies of some functions mention, by place in the module.
#[derive(Debug, Default)]
struct Mentions {
    functions: BTreeSet<usize>,
    globals: BTreeSet<usize>,
    tables: BTreeSet<usize>,
    memories: BTreeSet<usize>,
}

impl Visitor<'_> for Mentions {
    fn visit_function_id(&mut self, id: &FunctionId) {
        self.functions.insert(id.index());
    }
    fn visit_global_id(&mut self, id: &GlobalId) {
        self.globals.insert(id.index());
    }
    fn visit_table_id(&mut self, id: &TableId) {
        self.tables.insert(id.index());
    }
    fn visit_memory_id(&mut self, id: &MemoryId) {
        self.memories.insert(id.index());
    }
}

/// The ids of one of two equal modules, by place: ids of one are none of the other.
struct Ids {
    functions: BTreeMap<usize, FunctionId>,
    globals: BTreeMap<usize, GlobalId>,
    tables: BTreeMap<usize, TableId>,
    memories: BTreeMap<usize, MemoryId>,
}

impl Ids {
    fn of(module: &Module) -> Self {
        Self {
            functions: module.funcs.iter().map(|f| (f.id().index(), f.id())).collect(),
            globals: module.globals.iter().map(|g| (g.id().index(), g.id())).collect(),
            tables: module.tables.iter().map(|t| (t.id().index(), t.id())).collect(),
            memories: module.memories.iter().map(|m| (m.id().index(), m.id())).collect(),
        }
    }
}

fn parts(bytes: &[u8], rule: Rule, mark: &str) -> Result<(Vec<u8>, Vec<u8>)> {
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    let (mut first, mut rest) = (config.parse(bytes)?, config.parse(bytes)?);
    let (here, there) = (Ids::of(&first), Ids::of(&rest));

    let is_root = |id| first.start == Some(id) || first.exports.get_exported_func(id).is_some();
    let moves = |id| first.funcs.get(id).name.as_deref().is_some_and(|name| rule.moves(name));
    let local = first.funcs.iter_local().filter(|(_, function)| function.size() > DOOR);
    let moved: BTreeSet<usize> = local
        .filter(|(id, _)| !is_root(*id) && moves(*id))
        .map(|(id, _)| id.index())
        .collect();
    ensure!(
        !moved.is_empty(),
        "no function has a name by which it could be moved: were the names stripped?"
    );

    let doubles = |id| {
        first
            .funcs
            .get(id)
            .name
            .as_deref()
            .is_some_and(|name| rule.doubles(name))
    };
    let local = first.funcs.iter_local().map(|(id, _)| id);
    let doubled: BTreeSet<usize> = local.filter(|id| doubles(*id)).map(|id| id.index()).collect();
    let doubled: BTreeSet<usize> = doubled.difference(&moved).copied().collect();

    let (mut outside, mut inside) = (Mentions::default(), Mentions::default());
    for (id, function) in first.funcs.iter_local() {
        let (is_moved, is_doubled) = (moved.contains(&id.index()), doubled.contains(&id.index()));
        if is_moved || is_doubled {
            dfs_in_order(&mut inside, function, function.entry_block());
        }
        if !is_moved {
            dfs_in_order(&mut outside, function, function.entry_block());
        }
    }
    for element in first.elements.iter() {
        if let ElementItems::Functions(functions) = &element.items {
            outside.functions.extend(functions.iter().map(|id| id.index()));
        }
    }
    let entries: Vec<usize> = outside.functions.intersection(&moved).copied().collect();
    let table = first
        .tables
        .main_function_table()?
        .context("the module has no table of functions")?;
    let base = first.tables.get(table).initial;
    for (module, table) in [(&mut first, table), (&mut rest, there.tables[&table.index()])] {
        let table = module.tables.get_mut(table);
        table.initial += entries.len() as u64;
        table.maximum = table.maximum.map(|most| most.max(table.initial));
    }

    // What the rest takes from the first part.
    let mut shared = 0_u32;
    let mut share = |item: ExportItem, first: &mut Module| {
        shared += 1;
        let name = format!("~{shared}");
        first.exports.add(&name, item);
        name
    };
    for place in inside
        .functions
        .iter()
        .filter(|place| !moved.contains(place) && !doubled.contains(place))
    {
        let (name, id) = (share(here.functions[place].into(), &mut first), there.functions[place]);
        let (import, ty) = (rest.imports.add(mark, &name, id), rest.funcs.get(id).ty());
        rest.funcs.get_mut(id).kind = FunctionKind::Import(ImportedFunction { import, ty });
    }
    for place in &inside.globals {
        let (name, id) = (share(here.globals[place].into(), &mut first), there.globals[place]);
        rest.globals.get_mut(id).kind = GlobalKind::Import(rest.imports.add(mark, &name, id));
    }
    inside.tables.insert(table.index());
    for place in &inside.tables {
        let (name, id) = (share(here.tables[place].into(), &mut first), there.tables[place]);
        let import = rest.imports.add(mark, &name, id);
        let table = rest.tables.get_mut(id);
        table.import = Some(import);
        table.elem_segments.clear();
    }
    for place in &inside.memories {
        let (name, id) = (share(here.memories[place].into(), &mut first), there.memories[place]);
        let import = rest.imports.add(mark, &name, id);
        let memory = rest.memories.get_mut(id);
        memory.import = Some(import);
        memory.data_segments.clear();
    }

    leave_doors(&mut first, &entries, &here, (table, base));
    strip(&mut rest, mark);
    let table = there.tables[&table.index()];
    let offset = ConstExpr::Value(Value::I32(i32::try_from(base)?));
    let functions = entries.iter().map(|place| there.functions[place]).collect();
    let segment = rest.elements.add(
        ElementKind::Active { table, offset },
        ElementItems::Functions(functions),
    );
    rest.tables.get_mut(table).elem_segments.insert(segment);

    for module in [&mut first, &mut rest] {
        passes::gc::run(module);
    }
    Ok((first.emit_wasm(), rest.emit_wasm()))
}

/// Puts in place of every function in `entries` one that loads the rest, once, and calls through the table.
fn leave_doors(first: &mut Module, entries: &[usize], ids: &Ids, (table, base): (TableId, u64)) {
    let nothing = first.types.add(&[], &[]);
    let (load, _) = first.add_import_func("rest", "load", nothing);
    let loaded = first
        .globals
        .add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
    for (slot, place) in (base..).zip(entries) {
        let id = ids.functions[place];
        let ty = first.funcs.get(id).ty();
        let (params, results) = (first.types.params(ty).to_vec(), first.types.results(ty).to_vec());
        let args: Vec<_> = params.iter().map(|param| first.locals.add(*param)).collect();
        let mut builder = FunctionBuilder::new(&mut first.types, &params, &results);
        let mut body = builder.func_body();
        body.global_get(loaded).unop(UnaryOp::I32Eqz).if_else(
            None,
            |then| {
                then.call(load).i32_const(1).global_set(loaded);
            },
            |_| {},
        );
        for arg in &args {
            body.local_get(*arg);
        }
        body.i32_const(i32::try_from(slot).unwrap_or_default())
            .call_indirect(ty, table);
        first.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(args));
    }
}

/// Takes from the rest what the first part does: starting, data, the table's content, and all that is not imported from `mark`.
fn strip(rest: &mut Module, mark: &str) {
    rest.start = None;
    let exports: Vec<_> = rest.exports.iter().map(|export| export.id()).collect();
    exports.into_iter().for_each(|id| rest.exports.delete(id));
    let elements: Vec<_> = rest.elements.iter().map(|element| element.id()).collect();
    elements.into_iter().for_each(|id| rest.elements.delete(id));
    let data: Vec<_> = rest.data.iter().map(|data| data.id()).collect();
    data.into_iter().for_each(|id| rest.data.delete(id));
    // What both import has a second import by now, from the first part.
    let foreign = rest.imports.iter().filter(|import| import.module != mark);
    let foreign: Vec<_> = foreign.map(|import| import.id()).collect();
    foreign.into_iter().for_each(|id| rest.imports.delete(id));
}

#[cfg(test)]
mod tests {
    use super::{Rule, plain};

    const RULE: Rule = Rule {
        rest: &["model::knn", "fitted::Grown<2usize"],
        first: &["build", "raw_vec::RawVec"],
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
            "core[8d76862ca8e90882]::ptr::drop_glue::<tunescape[24d26357971e5f7a]::model::knn::Neighbours>",
            "<tunescape[24d26357971e5f7a]::model::forest::fitted::Grown<20usize>>::add",
        ] {
            assert!(!RULE.moves(stays), "{stays}");
        }
        assert!(RULE.doubles("libm[92a5e4197136d4e9]::math::exp::exp"));
    }
}
