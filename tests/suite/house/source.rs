//! The files under `src/` as the compiler reads them: which module each is, what it imports, and
//! how long its functions are.
//!
//! Paths are taken from `use` lines, from expressions and types, and from the words inside macros.
//! A path is followed through the `use` lines of `mod.rs` to the file that defines what it names,
//! for a room may show an item under its own name wherever the file lies.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};

use crate::common::repository;

/// A module: the names that lead to it from the root of the crate.
pub(crate) type Module = Vec<String>;

/// A function with its measure.
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) lines: usize,
    pub(crate) parameters: usize,
}

/// A path into the crate, absolute, with the line where it stands.
#[derive(Clone)]
pub(crate) struct Named {
    pub(crate) path: Module,
    pub(crate) line: usize,
}

/// A file under `src/`.
pub(crate) struct File {
    /// Its path below `src/`, with slashes.
    pub(crate) path: String,
    pub(crate) lines: usize,
    pub(crate) named: Vec<Named>,
    pub(crate) functions: Vec<Function>,
    /// What its `use` lines call by which name.
    renamed: BTreeMap<String, Module>,
}

/// An import of one file by another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Import {
    pub(crate) from: String,
    pub(crate) line: usize,
    pub(crate) to: String,
}

/// All files under `src/`, by module.
pub(crate) struct House {
    pub(crate) files: BTreeMap<Module, File>,
}

impl House {
    /// `src/` of this crate, read once.
    pub(crate) fn of_this_crate() -> &'static Self {
        static HOUSE: OnceLock<House> = OnceLock::new();
        HOUSE.get_or_init(Self::read)
    }

    fn read() -> Self {
        let root = repository("src");
        let mut texts = Vec::new();
        for entry in walkdir::WalkDir::new(&root).sort_by_file_name() {
            let entry = entry.unwrap();
            if entry.path().extension().is_some_and(|end| end == "rs") {
                let path = entry.path().strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                texts.push((path, std::fs::read_to_string(entry.path()).unwrap()));
            }
        }
        Self::of(texts.iter().map(|(path, text)| (path.as_str(), text.as_str())))
    }

    /// Reads files that are given with their paths below `src/`.
    pub(crate) fn of<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = texts.into_iter().map(|(path, text)| (module_of(path), File::read(path, text))).collect();
        Self { files }
    }

    /// Which file imports which; what a file says of itself is left out.
    pub(crate) fn imports(&self) -> Vec<Import> {
        let mut all = Vec::new();
        for file in self.files.values() {
            for named in &file.named {
                let to = &self.file_of(&named.path, 0).path;
                if *to != file.path {
                    all.push(Import { from: file.path.clone(), line: named.line, to: to.clone() });
                }
            }
        }
        all.sort();
        all.dedup();
        all
    }

    /// The file that defines what a path names.
    fn file_of(&self, path: &[String], depth: usize) -> &File {
        assert!(depth < 20, "the `use` lines lead in a circle: {}", path.join("::"));
        let mut module = Module::new();
        for (at, name) in path.iter().enumerate() {
            let below: Module = module.iter().chain([name]).cloned().collect();
            if self.files.contains_key(&below) {
                module = below;
                continue;
            }
            if let Some(real) = self.files.get(&module).and_then(|file| file.renamed.get(name)) {
                let full: Module = real.iter().chain(&path[at + 1..]).cloned().collect();
                return self.file_of(&full, depth + 1);
            }
            break;
        }
        self.files.get(&module).unwrap_or_else(|| panic!("no file is the module {}", module.join("::")))
    }
}

fn module_of(path: &str) -> Module {
    let path = path.strip_suffix(".rs").unwrap();
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if path == "lib" { Module::new() } else { path.split('/').map(str::to_owned).collect() }
}

impl File {
    fn read(path: &str, text: &str) -> Self {
        let tree = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let module = module_of(path);
        let children = tree.items.iter().filter_map(|item| match item {
            syn::Item::Mod(item) => Some(item.ident.to_string()),
            _ => None,
        });
        let mut reader = Reader { children: children.collect(), module, ..Reader::default() };
        reader.visit_file(&tree);
        Self {
            path: path.to_owned(),
            lines: text.lines().count(),
            named: reader.named,
            functions: reader.functions,
            renamed: reader.renamed,
        }
    }
}

#[derive(Default)]
struct Reader {
    /// The module that is read, inline modules included.
    module: Module,
    inline: usize,
    /// The modules that the file declares: a path may begin with one of them.
    children: BTreeSet<String>,
    named: Vec<Named>,
    functions: Vec<Function>,
    renamed: BTreeMap<String, Module>,
}

impl Reader {
    /// Makes a path absolute; none if it leads out of this crate or names what the file has by a `use` line.
    fn absolute(&self, path: &[String]) -> Option<Module> {
        let mut module = match path.first()?.as_str() {
            child if self.inline == 0 && self.children.contains(child) => {
                return Some(self.module.iter().chain(path).cloned().collect());
            }
            "crate" => Module::new(),
            "self" => self.module.clone(),
            "super" => self.module[..self.module.len().checked_sub(1)?].to_vec(),
            _ => return None,
        };
        for name in &path[1..] {
            if name == "super" {
                module.pop();
            } else {
                module.push(name.clone());
            }
        }
        Some(module)
    }

    fn name(&mut self, path: &[String], span: Span) {
        if let Some(path) = self.absolute(path) {
            self.named.push(Named { path, line: span.start().line });
        }
    }

    fn tree(&mut self, tree: &syn::UseTree, lead: &[String]) {
        let with = |name: &syn::Ident| lead.iter().cloned().chain([name.to_string()]).collect::<Vec<_>>();
        match tree {
            syn::UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident)),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, lead)),
            syn::UseTree::Glob(glob) => self.name(lead, glob.star_token.spans[0]),
            syn::UseTree::Name(name) => self.imported(&with(&name.ident), &name.ident),
            syn::UseTree::Rename(rename) => self.imported(&with(&rename.ident), &rename.rename),
        }
    }

    fn imported(&mut self, path: &[String], called: &syn::Ident) {
        let path = path.strip_suffix(&["self".to_owned()]).unwrap_or(path);
        self.name(path, called.span());
        if self.inline == 0
            && let Some(path) = self.absolute(path)
        {
            self.renamed.insert(called.to_string(), path);
        }
    }

    fn function(&mut self, sig: &syn::Signature, block: &syn::Block) {
        let line = sig.fn_token.span.start().line;
        let lines = block.brace_token.span.close().end().line + 1 - line;
        self.functions.push(Function { name: sig.ident.to_string(), line, lines, parameters: sig.inputs.len() });
    }

    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match &token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Ident(ident) if colons == 2 && !path.is_empty() => path.push(ident.to_string()),
                other => {
                    self.name(&path, other.span());
                    path.clear();
                    match other {
                        TokenTree::Ident(ident) => path.push(ident.to_string()),
                        TokenTree::Group(group) => self.tokens(group.stream()),
                        _ => {}
                    }
                }
            }
            colons = 0;
        }
        self.name(&path, Span::call_site());
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.content.is_some() {
            self.module.push(item.ident.to_string());
            self.inline += 1;
            visit::visit_item_mod(self, item);
            self.inline -= 1;
            self.module.pop();
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &[]);
    }

    /// `pub(super)` names no one.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let first = path.segments.first().map_or_else(Span::call_site, |segment| segment.ident.span());
        self.name(&names, first);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.tokens(item.tokens.clone());
        visit::visit_macro(self, item);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&item.sig, block);
        }
        visit::visit_trait_item_fn(self, item);
    }
}
