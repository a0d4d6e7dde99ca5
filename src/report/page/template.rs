//! The template environment: every value goes through one formatter that escapes for the format,
//! so that a template cannot forget it.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, ValueKind};
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior, Value};

use crate::model::assessment::Assessment;
use crate::model::display;
use crate::report::base::error::ReportError;
use crate::report::base::text;
use crate::report::base::text::Part;
use crate::report::base::types::Format;
use crate::report::page::view::View;

const MARKDOWN: &str = "markdown";

/// Renders a page over an assessment: the first of the templates, which takes in the others. `extra` is trusted text (style, script, digests).
pub(crate) fn template(
    format: Format,
    sources: &[(&'static str, &'static str)],
    assessment: &Assessment,
    extra: &[(&'static str, &str)],
) -> Result<String, ReportError> {
    let view = View::of(assessment);
    let render = || {
        let mut env = environment()?;
        for (name, source) in sources {
            env.add_template(name, source)?;
        }
        let trusted: BTreeMap<&str, Value> =
            extra.iter().map(|(key, text)| (*key, Value::from_safe_string((*text).to_owned()))).collect();
        let context = minijinja::context! {
            a => Value::from(Serde(assessment)),
            v => Value::from(Serde(&view)),
            trusted => Value::from(trusted),
        };
        // The first is the page, the others are its parts.
        env.get_template(sources.first().map_or("", |(name, _)| *name))?.render(context)
    };
    render().map_err(|source| ReportError::Template { format, source })
}

fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    env.set_syntax(syntax.build()?);
    env.set_auto_escape_callback(|name| {
        if name.ends_with(".md.j2") { AutoEscape::Custom(MARKDOWN.into()) } else { AutoEscape::Html }
    });
    env.set_formatter(print);
    env.add_filter("num", text::grouped);
    env.add_filter("short", |digest: &str| display::cut(digest, 12).to_owned());
    env.add_filter("attr", |data: &str| display::visible(display::cut(data, 200)).into_owned());
    env.add_filter("anchor", anchor);
    env.add_filter("code", code);
    env.add_filter("prose", prose);
    env.add_filter("coded", |data: &str| Value::from_safe_string(text::markdown_with_code(data)));
    env.add_filter("verbatim", |data: &str| Value::from_safe_string(text::in_fence(data)));
    env.add_filter("path", path);
    env.add_filter("inline", |data: &str| Value::from_safe_string(html_with_code(data)));
    Ok(env)
}

fn print(out: &mut Output, state: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    let escape = match state.auto_escape() {
        AutoEscape::Html => html,
        AutoEscape::Custom(name) if name == MARKDOWN => markdown,
        _ => return Err(refused("this template's kind has no escaping")),
    };
    let text = match (value.kind(), value.as_str()) {
        (_, Some(trusted)) if value.is_safe() => trusted.to_owned(),
        (ValueKind::Number, _) => value.to_string(),
        (_, Some(data)) => escape(data),
        (kind, None) => return Err(refused(format!("a {kind} is not for printing"))),
    };
    out.write_str(&text).map_err(|_| refused("the output refuses text"))
}

fn html(data: &str) -> String {
    let (head, note) = text::shown(data);
    let mut escaped = String::with_capacity(head.len() + 16);
    text::html(&mut escaped, head);
    if let Some(note) = note {
        escaped.push_str("<i class=x>");
        escaped.push_str(&note);
        escaped.push_str("</i>");
    }
    escaped
}

/// As [`html`], with what stands between two backticks as code, where backticks come in pairs.
fn html_with_code(data: &str) -> String {
    let parts: Vec<&str> = data.split('`').collect();
    if parts.len().is_multiple_of(2) || text::shown(data).1.is_some() {
        return html(data);
    }
    let mut out = String::with_capacity(data.len() + 16);
    for (index, part) in parts.iter().enumerate() {
        if index % 2 == 0 {
            text::html(&mut out, part);
        } else {
            out.push_str("<code>");
            text::html(&mut out, part);
            out.push_str("</code>");
        }
    }
    out
}

fn markdown(data: &str) -> String {
    let (head, note) = text::shown(data);
    let mut escaped = String::with_capacity(head.len() + 16);
    text::markdown(&mut escaped, head);
    if let Some(note) = note {
        escaped.push_str(" *");
        escaped.push_str(&note);
        escaped.push('*');
    }
    escaped
}

fn refused(detail: impl Into<std::borrow::Cow<'static, str>>) -> minijinja::Error {
    minijinja::Error::new(ErrorKind::InvalidOperation, detail)
}

/// A text as the name of a place in a page: anything but letters, digits, `-` and `_` becomes `-`.
fn anchor(data: &str) -> String {
    let keep = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    data.chars().map(|c| if keep(c) { c } else { '-' }).collect()
}

/// A Markdown code span where the text allows one; otherwise the text, escaped like any other.
fn code(data: &str) -> Value {
    if text::is_code(data) && text::shown(data).1.is_none() {
        Value::from_safe_string(format!("`{data}`"))
    } else {
        Value::from(data)
    }
}

/// A prose text as paragraphs and lists of the template's format.
fn prose(state: &State, data: &str) -> Value {
    let parts = text::parts(data);
    let mut out = String::new();
    let mut listing = false;
    let is_html = matches!(state.auto_escape(), AutoEscape::Html);
    for part in &parts {
        let (is_item, text) = match part {
            Part::Paragraph(text) => (false, text),
            Part::Item(text) => (true, text),
        };
        match (is_html, is_item) {
            (true, _) => {
                out.push_str(match (listing, is_item) {
                    (false, true) => "<ul>",
                    (true, false) => "</ul>",
                    _ => "",
                });
                out.push_str(if is_item { "<li>" } else { "<p>" });
                out.push_str(&html_with_code(text));
                out.push_str(if is_item { "</li>" } else { "</p>" });
            }
            (false, true) => {
                out.push_str(if listing { "\n- " } else { "\n\n- " });
                out.push_str(&markdown(text));
            }
            (false, false) => {
                out.push_str(if out.is_empty() { "" } else { "\n\n" });
                out.push_str(&markdown(text));
            }
        }
        listing = is_item;
    }
    if is_html && listing {
        out.push_str("</ul>");
    }
    Value::from_safe_string(out)
}

/// A path as HTML that may be broken after its slashes.
fn path(data: &str) -> Value {
    Value::from_safe_string(html(data).replace('/', "/<wbr>").replace("</<wbr>", "</"))
}
