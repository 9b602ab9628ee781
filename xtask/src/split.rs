//! Splits a module in parts: what is needed until the page can be used, and others, each of which is fetched ahead of its use, or at the
//! latest when one of its functions is first called.
//!
//! Every function of a part that is mentioned outside of it stands in the first part as a few instructions that see to it that its part is
//! loaded and go on through the table. All share memory, table and globals with the first part. Together they are one program: which
//! functions stand where changes no result.

use crate::fingerprint::Hash;
use crate::rule::{Split, known};
use anyhow::{Context, Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use walrus::ir::{UnaryOp, Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalId, GlobalKind,
    ImportedFunction, MemoryId, Module, ModuleConfig, TableId, ValType, passes,
};

/// What fetches the parts, at the end of the generated script. It needs `wasm`, the exports of the first part.
const SCRIPT: &str = include_str!("split.js");
/// What decides how a module is split, for keys of what is kept.
pub const SOURCES: &str = concat!(
    include_str!("split.rs"),
    include_str!("split.js"),
    include_str!("rule.rs"),
    include_str!("first_load.rs"),
    include_str!("first_load/page.txt"),
    include_str!("first_load/worker.txt")
);
/// How the generated script hands over its imports.
const IMPORTS: &str = "    return {\n        __proto__: null,\n";

/// Instructions of what stays in place of a function: a smaller one is not worth moving.
const DOOR: u64 = 12;

/// Splits `NAME_bg.wasm`, which has names, in place; its parts are written beside it, as `NAME_PART.wasm`, and `NAME.js`, the script that
/// wasm-bindgen made, is told how to fetch them. The module as it was is kept at `whole`.
///
/// # Errors
/// If a file cannot be read or written, or is not of the kind that is expected here.
pub fn split(module: &Path, split: Split, whole: &Path) -> Result<()> {
    let bytes = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let name = module.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let stem = name
        .strip_suffix("_bg.wasm")
        .context("a module is not named as wasm-bindgen does")?;
    let script = module.with_file_name(format!("{stem}.js"));
    let text = fs::read_to_string(&script).with_context(|| format!("cannot read {}", script.display()))?;
    let (bytes, text) = shorten(&bytes, text)?;
    fs::create_dir_all(whole.parent().context("a file without a directory")?)?;
    fs::write(whole, &bytes).with_context(|| format!("cannot write {}", whole.display()))?;

    // A part of another build would be of another program: its name for the first part does not fit then.
    let mark = Hash::new().add(&bytes).hex();
    let (first, parts) = parts(&bytes, split, &mark)?;
    fs::write(module, first).with_context(|| format!("cannot write {}", module.display()))?;
    let (mut loads, mut files) = (String::new(), String::new());
    for (rule, part) in split.parts.iter().zip(parts) {
        let file = format!("{stem}_{}.wasm", rule.name);
        fs::write(module.with_file_name(&file), part).with_context(|| format!("cannot write {file}"))?;
        loads += &format!("        {0}: {{ load: () => loadPart(\"{0}\") }},\n", rule.name);
        files += &format!(" {}: \"{file}\",", rule.name);
    }
    ensure!(
        text.matches(IMPORTS).count() == 1,
        "{} hands over its imports in another way",
        script.display()
    );
    let text = text.replace(IMPORTS, &format!("{IMPORTS}{loads}"));
    let own = SCRIPT
        .replace("$FILES", files.trim_end_matches(','))
        .replace("$MARK", &mark);
    fs::write(&script, text + &own).with_context(|| format!("cannot write {}", script.display()))
}

/// Gives the functions that the module imports from its script short names: theirs end with marks that no compression makes shorter.
fn shorten(bytes: &[u8], mut script: String) -> Result<(Vec<u8>, String)> {
    let mut module = Module::from_buffer(bytes)?;
    let mut count = 0;
    for import in module.imports.iter_mut() {
        let long = format!("\n        {}: function", import.name);
        if script.matches(&long).count() == 1 {
            count += 1;
            import.name = format!("f{count}");
            script = script.replace(&long, &format!("\n        {}: function", import.name));
        }
    }
    ensure!(count > 0, "the script defines no function that the module imports");
    Ok((module.emit_wasm(), script))
}

/// What the bodies of some functions mention, by place in the module.
#[derive(Debug, Default)]
struct Mentions {
    functions: BTreeSet<usize>,
    globals: BTreeSet<usize>,
    tables: BTreeSet<usize>,
    memories: BTreeSet<usize>,
}

impl Mentions {
    fn add(&mut self, other: &Mentions) {
        self.functions.extend(&other.functions);
        self.globals.extend(&other.globals);
        self.tables.extend(&other.tables);
        self.memories.extend(&other.memories);
    }
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

/// The first part, and those by the rules, in their order.
fn parts(bytes: &[u8], split: Split, mark: &str) -> Result<(Vec<u8>, Vec<Vec<u8>>)> {
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    let mut first = config.parse(bytes)?;
    let here = Ids::of(&first);

    let is_root = |id| first.start == Some(id) || first.exports.get_exported_func(id).is_some();
    let name = |id| first.funcs.get(id).name.as_deref();
    let rules = split.parts;
    let needed: BTreeSet<&str> = split.first.lines().collect();
    let part_of = |id: FunctionId| {
        let name = name(id).filter(|name| !needed.contains(known(name).as_str()))?;
        rules.iter().position(|rule| rule.moves(name))
    };
    let local = first.funcs.iter_local().filter(|(_, function)| function.size() > DOOR);
    let moved: BTreeMap<usize, usize> = local
        .filter(|(id, _)| !is_root(*id))
        .filter_map(|(id, _)| Some((id.index(), part_of(id)?)))
        .collect();
    let doubles = |id| name(id).is_some_and(|name| rules.iter().any(|rule| rule.doubles(name)));
    let local = first.funcs.iter_local().map(|(id, _)| id.index());
    let doubled: BTreeSet<usize> = local
        .filter(|place| doubles(here.functions[place]) && !moved.contains_key(place))
        .collect();

    // What is mentioned in each part, and outside of it.
    let mut inside: Vec<Mentions> = rules.iter().map(|_| Mentions::default()).collect();
    let mut outside: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); rules.len()];
    for (id, function) in first.funcs.iter_local() {
        let mut mentions = Mentions::default();
        dfs_in_order(&mut mentions, function, function.entry_block());
        let own = moved.get(&id.index()).copied();
        for part in 0..rules.len() {
            if own == Some(part) || doubled.contains(&id.index()) {
                inside[part].add(&mentions);
            }
            if own != Some(part) {
                outside[part].extend(&mentions.functions);
            }
        }
    }
    for element in first.elements.iter() {
        if let ElementItems::Functions(functions) = &element.items {
            outside
                .iter_mut()
                .for_each(|outside| outside.extend(functions.iter().map(|id| id.index())));
        }
    }
    // The functions of each part that are called from elsewhere.
    let entries: Vec<Vec<usize>> = (0..rules.len())
        .map(|part| {
            let own = |place: &&usize| moved.get(place) == Some(&part);
            outside[part].iter().filter(own).copied().collect()
        })
        .collect();
    for (rule, entries) in rules.iter().zip(&entries) {
        ensure!(
            !entries.is_empty(),
            "no function is moved to the part \"{}\": were the names stripped?",
            rule.name
        );
    }

    let table = first
        .tables
        .main_function_table()?
        .context("the module has no table of functions")?;
    let base = first.tables.get(table).initial;
    let slots = base + entries.iter().map(Vec::len).sum::<usize>() as u64;
    let mut shared = Shared::default();
    let mut parts = Vec::with_capacity(rules.len());
    let mut slot = base;
    for (part, (mut inside, entries)) in inside.into_iter().zip(&entries).enumerate() {
        let mut module = config.parse(bytes)?;
        let there = Ids::of(&module);
        inside.tables.insert(table.index());
        for place in &inside.functions {
            if moved.get(place) == Some(&part) || doubled.contains(place) {
                continue;
            }
            // A function of another part has a door there.
            let (name, id) = (
                shared.name(here.functions[place].into(), &mut first),
                there.functions[place],
            );
            let (import, ty) = (module.imports.add(mark, &name, id), module.funcs.get(id).ty());
            module.funcs.get_mut(id).kind = FunctionKind::Import(ImportedFunction { import, ty });
        }
        for place in &inside.globals {
            let (name, id) = (
                shared.name(here.globals[place].into(), &mut first),
                there.globals[place],
            );
            module.globals.get_mut(id).kind = GlobalKind::Import(module.imports.add(mark, &name, id));
        }
        for place in &inside.tables {
            let (name, id) = (shared.name(here.tables[place].into(), &mut first), there.tables[place]);
            let import = module.imports.add(mark, &name, id);
            let table = module.tables.get_mut(id);
            table.import = Some(import);
            table.elem_segments.clear();
        }
        for place in &inside.memories {
            let (name, id) = (
                shared.name(here.memories[place].into(), &mut first),
                there.memories[place],
            );
            let import = module.imports.add(mark, &name, id);
            let memory = module.memories.get_mut(id);
            memory.import = Some(import);
            memory.data_segments.clear();
        }
        strip(&mut module, mark);
        let offset = ConstExpr::Value(Value::I32(i32::try_from(slot)?));
        let functions = entries.iter().map(|place| there.functions[place]).collect();
        let table = there.tables[&table.index()];
        let segment = module.elements.add(
            ElementKind::Active { table, offset },
            ElementItems::Functions(functions),
        );
        module.tables.get_mut(table).elem_segments.insert(segment);
        widen(&mut module, table, slots);
        passes::gc::run(&mut module);
        parts.push(module.emit_wasm());
        slot += entries.len() as u64;
    }

    let mut slot = base;
    for (rule, entries) in rules.iter().zip(&entries) {
        leave_doors(&mut first, rule.name, entries, &here, (table, slot));
        slot += entries.len() as u64;
    }
    widen(&mut first, table, slots);
    passes::gc::run(&mut first);
    Ok((first.emit_wasm(), parts))
}

/// What the parts take from the first one, by the names under which it is exported.
#[derive(Default)]
struct Shared(BTreeMap<String, String>);

impl Shared {
    fn name(&mut self, item: ExportItem, first: &mut Module) -> String {
        let next = format!("~{}", self.0.len() + 1);
        let known = self.0.entry(format!("{item:?}"));
        let known = known.or_insert_with(|| {
            first.exports.add(&next, item);
            next
        });
        known.clone()
    }
}

/// Makes room in a table for what the parts put there.
fn widen(module: &mut Module, table: TableId, slots: u64) {
    let table = module.tables.get_mut(table);
    table.initial = slots;
    table.maximum = table.maximum.map(|most| most.max(slots));
}

/// Puts in place of every function in `entries` one that loads its part, once, and calls through the table.
fn leave_doors(first: &mut Module, part: &str, entries: &[usize], ids: &Ids, (table, base): (TableId, u64)) {
    let nothing = first.types.add(&[], &[]);
    let (load, _) = first.add_import_func(part, "load", nothing);
    let loaded = first
        .globals
        .add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
    let mut builder = FunctionBuilder::new(&mut first.types, &[], &[]);
    builder.func_body().global_get(loaded).unop(UnaryOp::I32Eqz).if_else(
        None,
        |then| {
            then.call(load).i32_const(1).global_set(loaded);
        },
        |_| {},
    );
    let open = builder.finish(Vec::new(), &mut first.funcs);
    for (slot, place) in (base..).zip(entries) {
        let id = ids.functions[place];
        let ty = first.funcs.get(id).ty();
        let (params, results) = (first.types.params(ty).to_vec(), first.types.results(ty).to_vec());
        let args: Vec<_> = params.iter().map(|param| first.locals.add(*param)).collect();
        let mut builder = FunctionBuilder::new(&mut first.types, &params, &results);
        let mut body = builder.func_body();
        body.call(open);
        for arg in &args {
            body.local_get(*arg);
        }
        body.i32_const(i32::try_from(slot).unwrap_or_default())
            .call_indirect(ty, table);
        first.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(args));
    }
}

/// Takes from a part what the first one does: starting, data, the table's content, and all that is not imported from `mark`.
fn strip(part: &mut Module, mark: &str) {
    part.start = None;
    let exports: Vec<_> = part.exports.iter().map(|export| export.id()).collect();
    exports.into_iter().for_each(|id| part.exports.delete(id));
    let elements: Vec<_> = part.elements.iter().map(|element| element.id()).collect();
    elements.into_iter().for_each(|id| part.elements.delete(id));
    let data: Vec<_> = part.data.iter().map(|data| data.id()).collect();
    data.into_iter().for_each(|id| part.data.delete(id));
    // What both import has a second import by now, from the first part.
    let foreign = part.imports.iter().filter(|import| import.module != mark);
    let foreign: Vec<_> = foreign.map(|import| import.id()).collect();
    foreign.into_iter().for_each(|id| part.imports.delete(id));
}
