//! CEL expressions: for what needs two fields or arithmetic.
//!
//! A rule names the fields that its expression reads, so that only these are kept of a fact and `self` has nothing
//! else. A field that is absent or redacted makes the outcome unknown before the expression runs. CEL ends by itself,
//! save that comprehensions multiply: how deep they nest is bounded when the rule is loaded, and a panic of the library
//! counts as an error of the rule.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock};

use cel::common::ast::{Expr, IdedExpr};
use cel::objects::{Key, Map};
use cel::{Context, Env, Program};
use serde_json::Value;

use crate::facts::FieldPath;
use crate::facts::holds_not_kept;
use crate::model::limits;
use crate::rules::language::condition::{NOT_CARRIED, REDACTED};
use crate::rules::language::truth::{Truth, Unknown};

/// Bytes of an expression's text.
const MAX_LENGTH: usize = limits::EXPRESSION;
/// `all`, `exists` and the like within each other: CEL has no bound on time of its own.
const MAX_NESTING: usize = 2;

/// The standard environment, made once: making it costs more than most expressions.
static STANDARD: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// A compiled expression over `self`, of which only the named fields are there.
#[derive(Debug)]
pub struct Expression {
    /// The text.
    pub text: String,
    /// The fields that it reads.
    pub fields: Vec<FieldPath>,
    program: Program,
}

impl Expression {
    /// Compiles an expression.
    ///
    /// # Errors
    /// What is wrong with it, in one line.
    ///
    /// ```
    /// use mke_stig::rules::Expression;
    ///
    /// assert!(Expression::compile("self.a > self.b", vec!["a".parse()?, "b".parse()?]).is_ok());
    /// assert_eq!(Expression::compile("now()", Vec::new()).unwrap_err(), "there is no function `now`");
    /// # Ok::<(), mke_stig::facts::FieldPathError>(())
    /// ```
    pub fn compile(text: &str, fields: Vec<FieldPath>) -> Result<Self, String> {
        if text.len() > MAX_LENGTH {
            return Err(format!("the expression has more than {MAX_LENGTH} bytes"));
        }
        let program = Program::compile(text).map_err(|errors| one_line(&errors.to_string()))?;
        let references = program.references();
        if let Some(other) = references.variables().into_iter().find(|name| *name != "self" && !name.starts_with('@')) {
            return Err(format!("`{other}` is not known; the object is called `self`"));
        }
        if let Some(other) = references.functions().into_iter().find(|name| !known_function(name)) {
            return Err(format!("there is no function `{other}`"));
        }
        if nesting(program.expression()) > MAX_NESTING {
            return Err(format!("at most {MAX_NESTING} of all, exists, map and filter may be nested"));
        }
        Ok(Self { text: text.to_owned(), fields, program })
    }

    /// The object as the expression sees it, made of its fields' values in the order of
    /// [`Expression::fields`].
    ///
    /// # Errors
    /// A field is absent or redacted: the outcome is unknown.
    pub(crate) fn view<'v>(&self, values: impl Iterator<Item = Option<&'v Value>>) -> Result<View, Unknown> {
        let mut object = serde_json::Map::new();
        for (path, value) in self.fields.iter().zip(values) {
            match value {
                None | Some(Value::Null) => return Err(Unknown::AbsentField),
                Some(value) if value.as_str() == Some(NOT_CARRIED) => return Err(Unknown::NotCarried),
                Some(value) if value.as_str() == Some(REDACTED) => return Err(Unknown::Redacted),
                Some(value) if holds_not_kept(value) => return Err(Unknown::NotKept(path.to_string())),
                Some(value) => insert(&mut object, path.keys(), value),
            }
        }
        let mut context = Context::with_env(Arc::clone(&STANDARD));
        context.add_variable_from_value("self", to_cel(&Value::Object(object)));
        Ok(View(context))
    }

    /// Evaluates the expression on a view of its fields. An error makes the outcome unknown.
    #[must_use]
    pub(crate) fn eval(&self, view: &View) -> Truth {
        let outcome = catch_unwind(AssertUnwindSafe(|| self.program.execute(&view.0)));
        match outcome {
            Ok(Ok(cel::Value::Bool(true))) => Truth::Yes,
            Ok(Ok(cel::Value::Bool(false))) => Truth::No,
            Ok(Ok(_)) => Truth::Unknown(Unknown::RuleError("the expression does not give true or false".into())),
            Ok(Err(error)) => Truth::Unknown(Unknown::RuleError(one_line(&error.to_string()))),
            Err(_) => Truth::Unknown(Unknown::RuleError("the expression failed".into())),
        }
    }
}

/// An object as expressions over the same fields see it.
pub(crate) struct View(Context<'static, 'static>);

/// Functions and operators that evaluation without extensions knows.
fn known_function(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "size",
        "contains",
        "startsWith",
        "endsWith",
        "matches",
        "has",
        "all",
        "exists",
        "exists_one",
        "map",
        "filter",
        "int",
        "uint",
        "double",
        "string",
        "bool",
        "type",
        "min",
        "max",
    ];
    WORDS.contains(&name) || !name.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

fn insert(object: &mut serde_json::Map<String, Value>, keys: &[String], value: &Value) {
    let Some((first, rest)) = keys.split_first() else { return };
    if rest.is_empty() {
        object.insert(first.clone(), value.clone());
    } else if let Value::Object(inner) =
        object.entry(first.clone()).or_insert_with(|| Value::Object(serde_json::Map::new()))
    {
        insert(inner, rest, value);
    }
}

fn to_cel(value: &Value) -> cel::Value {
    match value {
        Value::Null => cel::Value::Null,
        Value::Bool(value) => cel::Value::Bool(*value),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(value), _) => cel::Value::Int(value),
            (None, Some(value)) => cel::Value::UInt(value),
            (None, None) => cel::Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => cel::Value::String(text.clone().into()),
        Value::Array(list) => cel::Value::List(list.iter().map(to_cel).collect::<Vec<_>>().into()),
        Value::Object(map) => {
            let map: HashMap<Key, cel::Value> =
                map.iter().map(|(key, value)| (Key::from(key.clone()), to_cel(value))).collect();
            cel::Value::Map(Map::from(map))
        }
    }
}

/// How deep comprehensions stand within each other.
fn nesting(expression: &IdedExpr) -> usize {
    match &expression.expr {
        Expr::Comprehension(inner) => {
            let within = [&inner.loop_step, &inner.loop_cond, &inner.result, &inner.accu_init];
            let deepest = within.into_iter().map(nesting).max().unwrap_or(0);
            (1 + deepest).max(nesting(&inner.iter_range))
        }
        Expr::Call(call) => {
            let target = call.target.as_deref().map_or(0, nesting);
            call.args.iter().map(nesting).max().unwrap_or(0).max(target)
        }
        Expr::List(list) => list.elements.iter().map(nesting).max().unwrap_or(0),
        Expr::Select(select) => nesting(&select.operand),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn compile(text: &str) -> Result<Expression, String> {
        Expression::compile(text, vec!["a.b".parse().unwrap(), "c".parse().unwrap()])
    }

    fn eval(expression: &Expression, values: &[Option<&Value>]) -> Truth {
        expression.view(values.iter().copied()).map_or_else(Truth::Unknown, |view| expression.eval(&view))
    }

    #[test]
    fn an_expression_has_4096_bytes_and_not_more() {
        for (length, fits) in [(4095, true), (4096, true), (4097, false)] {
            let text = "self.c == true";
            assert_eq!(compile(&format!("{text}{}", " ".repeat(length - text.len()))).is_ok(), fits, "{length}");
        }
    }

    #[test]
    fn two_fields_decide() {
        let expression = compile("self.a.b == 'x' || self.c").unwrap();
        assert_eq!(eval(&expression, &[Some(&json!("x")), Some(&json!(false))]), Truth::Yes);
        assert_eq!(eval(&expression, &[Some(&json!("y")), Some(&json!(false))]), Truth::No);
        assert_eq!(eval(&expression, &[None, Some(&json!(true))]), Truth::Unknown(Unknown::AbsentField));
        assert_eq!(eval(&expression, &[Some(&json!(REDACTED)), Some(&json!(true))]), Truth::Unknown(Unknown::Redacted));
    }

    #[test]
    fn what_fails_while_running_is_an_error_and_not_false() {
        let expression = compile("self.c.nothing == 1").unwrap();
        let truth = eval(&expression, &[Some(&json!("x")), Some(&json!({}))]);
        assert!(matches!(truth, Truth::Unknown(Unknown::RuleError(_))), "{truth:?}");
    }

    #[test]
    fn mistakes_are_found_at_load() {
        for (text, part) in [
            ("self.a.b ==", "Syntax"),
            ("this.a", "`this`"),
            ("frob(self.c)", "`frob`"),
            ("self.c.all(x, self.c.all(y, self.c.all(z, true)))", "may be nested"),
        ] {
            let error = compile(text).unwrap_err();
            assert!(error.to_lowercase().contains(&part.to_lowercase()), "{text}: {error}");
        }
    }
}
