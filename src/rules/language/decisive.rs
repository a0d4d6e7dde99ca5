//! Where in a value the decision fell, so that evidence points at the element that breaks a rule and not at the list
//! around it.

use serde_json::Value;

use crate::facts::Lookup;
use crate::rules::language::condition::{Absent, Condition, ElementTest, Test};
use crate::rules::language::truth::Truth;
use crate::rules::language::value::short;
use crate::rules::language::variables::Variables;

/// The outcome at one element or value, for evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decisive {
    /// JSON pointer below the field that was asked for.
    pub pointer: String,
    /// The value seen.
    pub seen: String,
}

impl Condition {
    /// Where in the value the decision fell: the first element that breaks `every` or `none`, else
    /// the value itself.
    #[must_use]
    pub(crate) fn decisive(&self, value: Option<&Value>, variables: &Variables) -> Decisive {
        let seen = match (value.filter(|value| !value.is_null()), self.absence(value)) {
            (None, Absent::Default(default)) => format!("(absent; the default {} holds)", short(default)),
            (None, _) if value.is_some() => "null".to_owned(),
            (None, _) => "(absent)".to_owned(),
            // Objects may hold much that the condition does not speak of, values of variables among it.
            (Some(Value::Array(list)), _) if self.looks_into_objects() => format!("({} in the list)", list.len()),
            (Some(value), _) => short(value),
        };
        let first = |element: &ElementTest, wanted: &Truth| {
            let elements = value.and_then(|value| elements(value, element))?;
            let (index, item) = elements.into_iter().find(|(_, item)| element.eval(item, variables) == *wanted)?;
            let below = element.decisive(item, variables);
            Some(Decisive { pointer: format!("/{index}{}", below.pointer), seen: below.seen })
        };
        // What breaks a test comes before what meets one.
        let broken = self.tests.iter().find_map(|test| match test {
            Test::Every(element) => first(element, &Truth::No),
            Test::None(element) => first(element, &Truth::Yes),
            _ => None,
        });
        let met = || {
            self.tests.iter().find_map(|test| match test {
                Test::Some(element) => first(element, &Truth::Yes),
                _ => None,
            })
        };
        if let Some(decisive) = broken.or_else(met) {
            return decisive;
        }
        Decisive { pointer: String::new(), seen }
    }

    fn looks_into_objects(&self) -> bool {
        let objects = |test: &Test| {
            matches!(
                test,
                Test::Every(ElementTest::Matcher(_))
                    | Test::Some(ElementTest::Matcher(_))
                    | Test::None(ElementTest::Matcher(_))
            )
        };
        self.tests.iter().any(objects)
    }
}

impl ElementTest {
    fn decisive(&self, item: &Value, variables: &Variables) -> Decisive {
        match self {
            Self::Condition(condition) => condition.decisive(Some(item), variables),
            Self::Matcher(matcher) => {
                let leaf = matcher.deciding(&mut |path, condition| condition.eval_at(path, item, variables));
                match leaf {
                    Some((path, condition)) => {
                        let value = match path.lookup(item) {
                            Lookup::Found(value) | Lookup::Blocked(value) => Some(value),
                            Lookup::Absent => None,
                        };
                        let below = condition.decisive(value, variables);
                        Decisive { pointer: path.pointer() + &below.pointer, seen: below.seen }
                    }
                    None => Decisive { pointer: String::new(), seen: short(item) },
                }
            }
        }
    }
}

/// The elements of a list, or the values of an object where they are looked at whole: of an object
/// whose values are matched by their fields only those fields would have been kept.
fn elements<'v>(value: &'v Value, test: &ElementTest) -> Option<Vec<(String, &'v Value)>> {
    match (value, test) {
        (Value::Array(list), _) => {
            Some(list.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect())
        }
        (Value::Object(map), ElementTest::Condition(_)) => {
            Some(map.iter().map(|(key, item)| (key.replace('~', "~0").replace('/', "~1"), item)).collect())
        }
        _ => None,
    }
}
