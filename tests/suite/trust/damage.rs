//! Damage at random: of the sample, of generated clusters with violations in them, of anything.
//!
//! A seed says what is damaged and how. No rule that is Open or Not Reviewed for the undamaged truth
//! may be let off by it. Damage that could make the cluster another one, of which the verdict is
//! true, is done only where the manifest is the one from before, which denies it.

use serde_json::{Value, json};

use super::base::{Base, keep_files};
use super::document::Document;
use super::hiding::{Manifest, Trial, clean, hides, plants};
use super::known::{Fault, settle, settle_part, settle_ways};
use crate::common::dice::Dice;
use crate::common::snapshot::{Files, Snapshot, digest};
use crate::common::{in_parallel, lets_off};

/// Damages that every run of the tests does; `MKE_STIG_DAMAGES` says another number.
const DAMAGES: u64 = 3_000;

/// A snapshot while it is damaged.
struct Patient {
    snapshot: Snapshot,
    beside: Files,
    dice: Dice,
    /// What was done, in words.
    told: Vec<String>,
}

/// One sort of damage.
struct Damage {
    name: &'static str,
    kind: u8,
    /// Whether what is left can be the truth of another cluster.
    plausible: bool,
    apply: fn(&mut Patient) -> Option<()>,
}

impl Patient {
    fn path(&mut self, wanted: impl Fn(&str) -> bool) -> Option<String> {
        let paths: Vec<String> = self.snapshot.paths().into_iter().filter(|path| wanted(path)).collect();
        (!paths.is_empty()).then(|| self.dice.pick(&paths).clone())
    }

    fn read(&mut self) -> Option<String> {
        self.path(crate::common::mutation::is_judged)
    }

    fn json(&mut self) -> Option<String> {
        self.path(|path| crate::common::mutation::is_judged(path) && path.ends_with(".json"))
    }

    fn say(&mut self, what: impl Into<String>) -> Option<()> {
        self.told.push(what.into());
        Some(())
    }

    /// A random value of a member, by its pointer.
    fn value(&mut self, path: &str) -> Option<(Document, usize, String)> {
        let document = Document::read(&self.snapshot.members[path])?;
        (!document.objects.is_empty()).then_some(())?;
        let index = self.dice.below(document.objects.len());
        let mut pointers = Vec::new();
        walk(&document.objects[index], "", &mut pointers);
        (!pointers.is_empty()).then_some(())?;
        let pointer = self.dice.pick(&pointers).clone();
        Some((document, index, pointer))
    }

    fn change(&mut self, what: &str, with: Option<Value>) -> Option<()> {
        let path = self.json()?;
        let (mut document, index, pointer) = self.value(&path)?;
        match with {
            Some(value) => *document.objects[index].pointer_mut(&pointer)? = value,
            None => {
                let (parent, key) = pointer.rsplit_once('/')?;
                match document.objects[index].pointer_mut(parent)? {
                    Value::Object(fields) => drop(fields.remove(key)),
                    _ => return None,
                }
            }
        }
        document.save(&mut self.snapshot, &path);
        self.say(format!("{path}#/{index}{pointer} {what}"))
    }
}

/// The pointers of all values in an object.
fn walk(value: &Value, at: &str, pointers: &mut Vec<String>) {
    let key = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let at = format!("{at}/{}", key(name));
                pointers.push(at.clone());
                walk(value, &at, pointers);
            }
        }
        Value::Array(list) => {
            for (number, value) in list.iter().enumerate() {
                walk(value, &format!("{at}/{number}"), pointers);
            }
        }
        _ => {}
    }
}

fn gone(patient: &mut Patient) -> Option<()> {
    let path = patient.read()?;
    patient.snapshot.members.remove(&path);
    patient.snapshot.disown(&path);
    patient.say(format!("{path} gone"))
}

fn twice(patient: &mut Patient) -> Option<()> {
    let path = patient.read()?;
    let content = patient.snapshot.members[&path].clone();
    patient.beside.insert(format!("copy of/{path}"), content.clone());
    patient.beside.insert(format!("{path}.orig"), content);
    patient.say(format!("{path} copied beside"))
}

fn cut(patient: &mut Patient) -> Option<()> {
    let lines = ["images.json", "os-release", "audit-docker.txt", "processes.txt", ".pem"];
    let path = patient
        .path(|path| crate::common::mutation::is_judged(path) && !lines.iter().any(|end| path.ends_with(end)))?;
    let content = patient.snapshot.members[&path].clone();
    let whole = content.trim_ascii_end().len();
    // A list of lines that is cut behind a line is a shorter list.
    let one = content.trim_ascii_start().first().is_some_and(|first| matches!(first, b'[')) || path.contains("kubectl");
    one.then_some(())?;
    let at = patient.dice.below(whole.max(1));
    patient.snapshot.set(&path, &content[..at]);
    patient.say(format!("{path} cut at byte {at}"))
}

fn cut_anywhere(patient: &mut Patient) -> Option<()> {
    let path = patient.read()?;
    let content = patient.snapshot.members[&path].clone();
    let at = patient.dice.below(content.len().max(1));
    patient.snapshot.set(&path, &content[..at]);
    patient.say(format!("{path} cut at byte {at}"))
}

fn renamed(patient: &mut Patient) -> Option<()> {
    let path = patient.read()?;
    let content = patient.snapshot.members.remove(&path)?;
    patient.snapshot.disown(&path);
    let (folder, file) = path.rsplit_once('/')?;
    let names = [format!("{folder}/old-{file}"), format!("{folder}/{file}~"), format!("{folder} (1)/{file}")];
    let name = patient.dice.pick(&names).clone();
    patient.snapshot.set(&name, content);
    patient.say(format!("{path} renamed to {name}"))
}

fn flipped(patient: &mut Patient) -> Option<()> {
    let path = patient.read()?;
    let mut content = patient.snapshot.members[&path].clone();
    let at = patient.dice.below(content.len().max(1));
    let bit = patient.dice.below(8);
    *content.get_mut(at)? ^= 1 << bit;
    patient.snapshot.set(&path, content);
    patient.say(format!("{path} has bit {bit} of byte {at} flipped"))
}

fn inserted(patient: &mut Patient) -> Option<()> {
    let path = patient.json()?;
    let mut content = patient.snapshot.members[&path].clone();
    // Between values, so that no text in quotes is changed.
    let places: Vec<usize> = content.iter().enumerate().filter(|(_, byte)| **byte == b'{').map(|(at, _)| at).collect();
    let at = *patient.dice.pick(&places);
    let byte = *patient.dice.pick(&[0_u8, 1, 7, 11, 12, 27, 31, 127, 128, 255]);
    content.splice(at..at, [byte; 3]);
    patient.snapshot.set(&path, content);
    patient.say(format!("{path} has bytes {byte:#04x} at {at}"))
}

fn object_gone(patient: &mut Patient) -> Option<()> {
    let path = patient.json()?;
    let mut document = Document::read(&patient.snapshot.members[&path])?;
    (!document.lone() && !document.objects.is_empty()).then_some(())?;
    let index = patient.dice.below(document.objects.len());
    document.objects.remove(index);
    document.save(&mut patient.snapshot, &path);
    patient.say(format!("{path} lost object {index}"))
}

fn object_twice(patient: &mut Patient) -> Option<()> {
    let path = patient.json()?;
    let mut document = Document::read(&patient.snapshot.members[&path])?;
    (!document.lone() && !document.objects.is_empty()).then_some(())?;
    let index = patient.dice.below(document.objects.len());
    document.objects.push(document.objects[index].clone());
    document.save(&mut patient.snapshot, &path);
    patient.say(format!("{path} has object {index} twice"))
}

fn swapped(patient: &mut Patient) -> Option<()> {
    let path = patient.path(|path| {
        path.starts_with("nodes/") && (path.ends_with("docker/info.json") || path.ends_with("docker/containers.json"))
    })?;
    let other = path.clone();
    let file = path.splitn(3, '/').nth(2)?.to_owned();
    let two = patient.path(|two| two.ends_with(&file) && two.starts_with("nodes/") && two != other)?;
    let (a, b) = (patient.snapshot.members[&path].clone(), patient.snapshot.members[&two].clone());
    patient.snapshot.set(&path, b);
    patient.snapshot.set(&two, a);
    patient.say(format!("{path} and {two} swapped"))
}

fn counted(patient: &mut Patient) -> Option<()> {
    let path = patient.path(|path| path.ends_with("docker/info.json"))?;
    let key = *patient.dice.pick(&["Containers", "ContainersRunning", "Images"]);
    let number = patient.dice.below(40);
    patient.snapshot.change(&path, |info| info[key] = number.into());
    patient.say(format!("{path} counts {number} {key}"))
}

fn more_follow(patient: &mut Patient) -> Option<()> {
    let path = patient.path(|path| {
        path.starts_with("cluster/kubectl/") && path.ends_with(".json") && !path.ends_with("version.json")
    })?;
    let mut document = Document::read(&patient.snapshot.members[&path])?;
    let (key, value) = patient
        .dice
        .pick(&[
            ("continue", json!("eyJ2")),
            ("continue", json!(1)),
            ("continue", json!({ "token": "eyJ2" })),
            ("remainingItemCount", json!(3)),
            ("remainingItemCount", json!("3")),
            ("remainingItemCount", json!(3.0)),
            ("remainingItemCount", json!([3])),
        ])
        .clone();
    if !document.objects.is_empty() {
        let index = patient.dice.below(document.objects.len());
        document.objects.remove(index);
    }
    document.head()["metadata"][key] = value.clone();
    document.save(&mut patient.snapshot, &path);
    patient.say(format!("{path} lost an object and says {key}: {value}"))
}

fn unlisted(patient: &mut Patient) -> Option<()> {
    let path = (*patient.dice.pick(&["cluster/docker/nodes.json", "cluster/kubectl/nodes.json"])).to_owned();
    let mut document = Document::read(&patient.snapshot.members[&path])?;
    let index = patient.dice.below(document.objects.len());
    document.objects.remove(index);
    document.save(&mut patient.snapshot, &path);
    patient.say(format!("{path} lost node {index}"))
}

fn redated(patient: &mut Patient) -> Option<()> {
    let day = *patient.dice.pick(&["1969-12-31T23:59:59Z", "2001-01-01T00:00:00Z", "yesterday", ""]);
    patient.snapshot.records.first_mut()?["started"] = day.into();
    patient.say(format!("the manifest began {day:?}"))
}

fn vouched(patient: &mut Patient) -> Option<()> {
    let path = patient.json()?;
    let (folder, name) = path.rsplit_once('/')?;
    let content = patient.snapshot.members[&path].clone();
    let header = patient.snapshot.records.first()?.clone();
    let item = json!({ "record": "item", "path": name, "status": "collected", "bytes": content.len(), "sha256": digest(&content) });
    let footer = json!({ "record": "footer", "items": 1, "bytes": content.len(), "complete": true });
    patient.beside.insert(format!("{folder}/manifest.jsonl"), format!("{header}\n{item}\n{footer}\n").into_bytes());
    patient.say(format!("a manifest in {folder} vouches for {name}"))
}

#[rustfmt::skip]
const SORTS: &[Damage] = &[
    Damage { name: "a member is gone", kind: 1, plausible: false, apply: gone },
    Damage { name: "a member is there twice", kind: 10, plausible: false, apply: twice },
    Damage { name: "a member is cut", kind: 4, plausible: false, apply: cut },
    Damage { name: "a member is cut anywhere", kind: 4, plausible: true, apply: cut_anywhere },
    Damage { name: "a member has another name", kind: 6, plausible: false, apply: renamed },
    Damage { name: "a bit is flipped", kind: 4, plausible: true, apply: flipped },
    Damage { name: "stray bytes stand in a member", kind: 7, plausible: false, apply: inserted },
    Damage { name: "an object is gone from a list", kind: 1, plausible: true, apply: object_gone },
    Damage { name: "an object stands twice in a list", kind: 1, plausible: false, apply: object_twice },
    Damage { name: "a field is gone", kind: 4, plausible: true, apply: |patient| patient.change("gone", None) },
    Damage { name: "a field is null", kind: 4, plausible: true, apply: |patient| patient.change("is null", Some(Value::Null)) },
    Damage { name: "a field has another type", kind: 4, plausible: true, apply: |patient| patient.change("is a list of lists", Some(json!([[0]]))) },
    Damage { name: "a field is redacted", kind: 4, plausible: false, apply: |patient| patient.change("is redacted", Some(json!("(redacted)"))) },
    Damage { name: "two nodes have each other's member", kind: 4, plausible: false, apply: swapped },
    Damage { name: "docker info counts otherwise", kind: 1, plausible: false, apply: counted },
    Damage { name: "a list says that more follow", kind: 1, plausible: false, apply: more_follow },
    Damage { name: "a node is gone from one list", kind: 1, plausible: false, apply: unlisted },
    Damage { name: "the manifest has another day", kind: 10, plausible: true, apply: redated },
    Damage { name: "a second manifest vouches for a member", kind: 10, plausible: true, apply: vouched },
];

/// One damage of the sample, or of the sample with more than one.
fn of_sample(seed: u64) -> Vec<Fault> {
    let base = Base::sample();
    let mut dice = Dice::new(seed);
    let sort = dice.pick(SORTS);
    let more = if dice.one_in(3) { Some(dice.pick(SORTS)) } else { None };
    let manifest = *dice.pick(&[Manifest::Renewed, Manifest::None, Manifest::Before]);
    let plausible = sort.plausible || more.is_some_and(|more| more.plausible);
    let manifest = if plausible { Manifest::Before } else { manifest };
    let records = base.snapshot.records.clone();
    let mut patient = Patient { snapshot: base.snapshot.clone(), beside: Files::new(), dice, told: Vec::new() };
    if (sort.apply)(&mut patient).is_none() || more.is_some_and(|more| (more.apply)(&mut patient).is_none()) {
        return Vec::new();
    }
    match manifest {
        Manifest::Renewed => {}
        Manifest::None => patient.snapshot.records.clear(),
        // The header may be what was damaged.
        Manifest::Before => patient.snapshot.records = [&patient.snapshot.records[..1], &records[1..]].concat(),
    }
    let mut files = patient.snapshot.files();
    files.extend(patient.beside);
    let Ok(assessment) = base.try_files(&files) else { return Vec::new() };
    let told = format!("seed {seed}, {}, manifest {manifest:?}: {}", base.name, patient.told.join(", then "));
    let worse: Vec<_> =
        assessment.rules.iter().filter(|rule| lets_off(rule.status) && !lets_off(base.truth[&rule.id])).collect();
    for rule in &worse {
        keep_files(base, sort.name, &rule.id, &[&files]);
    }
    worse
        .into_iter()
        .map(|rule| Fault {
            what: sort.name.to_owned(),
            kind: sort.kind,
            rule: rule.id.clone(),
            detail: format!("{told}; {:?} became {:?}", base.truth[&rule.id], rule.status),
        })
        .collect()
}

/// One violation of a generated cluster, hidden in one way.
fn of_plant(seed: u64) -> Vec<Fault> {
    let mut dice = Dice::new(seed);
    let clean = clean();
    let base = *dice.pick(&clean);
    let plants: Vec<_> = plants().collect();
    let hides: Vec<_> = hides().collect();
    let manifest = *dice.pick(&[Manifest::Renewed, Manifest::None, Manifest::Before]);
    let (plant, hide) = (*dice.pick(&plants), *dice.pick(&hides));
    let trial = Trial { base, plant, hide, manifest };
    trial.faults(&format!("seed {seed}, "))
}

#[test]
fn damage_at_random() {
    let number = std::env::var("MKE_STIG_DAMAGES").ok().and_then(|text| text.parse().ok()).unwrap_or(DAMAGES);
    let seeds: Vec<u64> = (0..number).collect();
    // Every third hits the sample; a plant with a way that does not fit it is no damage.
    let found = in_parallel(&seeds, |seed| if seed % 3 == 0 { of_sample(*seed) } else { of_plant(*seed) });
    let (sample, plants): (Vec<_>, Vec<_>) = seeds.iter().zip(found).partition(|(seed, _)| *seed % 3 == 0);
    let faults = |of: Vec<(&u64, Vec<Fault>)>| of.into_iter().flat_map(|(_, faults)| faults).collect::<Vec<Fault>>();
    // What the trial of every plant knows is no news here.
    settle_ways("hiding", &faults(plants));
    if number == DAMAGES { settle("damage", &faults(sample)) } else { settle_part("damage", &faults(sample)) }
}
