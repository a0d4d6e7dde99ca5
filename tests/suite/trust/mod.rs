//! Trials of trust: whatever is done to the inputs, no rule is let off by it.
//!
//! The other tests show what the program does; these attack it. Each makes inputs that a person, a
//! program or an attacker may bring, knows what is true of the cluster, and requires that no verdict
//! is better than the truth. What falls short today stands in [`known`], which can only shrink.
#![allow(
    clippy::unnecessary_wraps,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::single_match_else,
    reason = "ways to damage are of one type, whether or not one of them can fail to apply; members are named in lower case"
)]

mod base;
mod case;
mod case_file;
mod cases;
mod cuts;
mod damage;
mod days;
mod differential;
mod document;
mod dumps;
mod hide_list;
mod hide_member;
mod hide_object;
mod hide_text;
mod hiding;
mod known;
mod lists;
mod marks;
mod plant;
mod plant_settings;
mod second;
mod secrets;
mod shape;
mod shape_view;
mod sibling_hosts;
mod siblings;
mod views;
