//! Where reports go, in which formats, and how they name the asset.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use crate::cli::interrupt::Held;
use crate::model::assessment::{Assessment, Asset};
use crate::model::display;
use crate::report::{Choices, Format, write_unless};

/// Where reports go, and which.
#[derive(Debug, Args)]
pub(crate) struct OutputArgs {
    /// Folder for the reports.
    #[arg(short, long, value_name = "DIR", default_value = "mke-stig-report")]
    output: PathBuf,
    /// Formats, separated by commas: html, md, json, ckl, cklb, xccdf, oscal, hdf, sarif, junit, csv, poam,
    /// evidence, fix, all.
    #[arg(short, long, value_name = "FORMATS", value_delimiter = ',', default_value = "html,md,json")]
    format: Vec<String>,
    #[command(flatten)]
    asset: AssetArgs,
    #[command(flatten)]
    checklists: ChecklistArgs,
}

/// How checklists name what was judged.
#[derive(Debug, Args)]
#[command(next_help_heading = "Asset in checklists")]
struct AssetArgs {
    /// Name of the asset; without it the cluster id.
    #[arg(long, value_name = "NAME", value_parser = asset_name)]
    asset_name: Option<String>,
    /// Fully qualified domain name of the asset.
    #[arg(long, value_name = "FQDN", value_parser = domain_name)]
    host_fqdn: Option<String>,
    /// IP address of the asset, may be given several times; without it those of the managers.
    #[arg(long, value_name = "IP")]
    host_ip: Vec<core::net::IpAddr>,
    /// MAC address of the asset, may be given several times.
    #[arg(long, value_name = "MAC", value_parser = mac_address)]
    host_mac: Vec<String>,
}

/// Choices for the formats that other programs import.
#[derive(Debug, Args)]
#[command(next_help_heading = "Checklists")]
struct ChecklistArgs {
    /// Spell out text that looks like a command, for upload filters that refuse it.
    #[arg(long)]
    safe_text: bool,
    /// Keep CKLB to the letter of its schema, without the version that other tools write and read.
    #[arg(long)]
    strict_cklb: bool,
    /// Write a checklist for each node, too, into the folder `nodes`.
    #[arg(long)]
    per_node: bool,
}

/// A name that every importer keeps.
fn asset_name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() || name.len() > 255 || *name != *display::escaped(name) {
        return Err("1 to 255 bytes without control characters".to_owned());
    }
    Ok(name.to_owned())
}

/// A dotted name: importers refuse a file in which the domain name is a bare host name.
fn domain_name(text: &str) -> Result<String, String> {
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let dotted = text.len() <= 253 && text.contains('.') && text.split('.').all(label);
    if dotted { Ok(text.to_owned()) } else { Err("write it with its domain, as mke.example.mil".to_owned()) }
}

/// Six bytes in hex, as `02:42:ac:11:00:02`.
fn mac_address(text: &str) -> Result<String, String> {
    let colons = text.replace('-', ":").to_ascii_lowercase();
    let bytes: Vec<&str> = colons.split(':').collect();
    let hex = |byte: &&str| byte.len() == 2 && byte.bytes().all(|b| b.is_ascii_hexdigit());
    if bytes.len() == 6 && bytes.iter().all(hex) { Ok(colons) } else { Err("write it as 02:42:ac:11:00:02".to_owned()) }
}

impl OutputArgs {
    /// Writes the reports, with the asset named as asked.
    pub(crate) fn write(&self, assessment: &mut Assessment, formats: &[Format]) -> anyhow::Result<Vec<PathBuf>> {
        self.asset.apply(&mut assessment.asset);
        let ChecklistArgs { safe_text, strict_cklb, per_node } = self.checklists;
        let choices = Choices { safe_text, strict_cklb, per_node };
        let signals = Held::back();
        let written = write_unless(&|| signals.pending(), assessment, &self.output, formats, &choices);
        drop(signals);
        let written = written?;
        // A folder is named once, not with each of its files.
        let mut shown: Vec<PathBuf> = Vec::new();
        for path in written {
            let inner = path.strip_prefix(&self.output).ok().and_then(|inner| inner.components().next());
            let top = inner.map_or_else(|| path.clone(), |first| self.output.join(first));
            let top = if top == path { top } else { top.join("") };
            if shown.last() != Some(&top) {
                shown.push(top);
            }
        }
        Ok(shown)
    }

    /// The formats, each once.
    pub(crate) fn formats(&self) -> anyhow::Result<Vec<Format>> {
        let mut formats = Vec::new();
        for name in &self.format {
            let named = if name == "all" { Format::all().to_vec() } else { vec![Format::from_str(name)?] };
            for format in named {
                if !formats.contains(&format) {
                    formats.push(format);
                }
            }
        }
        Ok(formats)
    }
}

impl AssetArgs {
    fn apply(&self, asset: &mut Asset) {
        if let Some(name) = &self.asset_name {
            asset.name.clone_from(name);
        }
        if self.host_fqdn.is_some() {
            asset.fqdn.clone_from(&self.host_fqdn);
        }
        if !self.host_ip.is_empty() {
            asset.ips = self.host_ip.iter().map(ToString::to_string).collect();
        }
        if !self.host_mac.is_empty() {
            asset.macs.clone_from(&self.host_mac);
        }
    }
}
