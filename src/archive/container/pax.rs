//! Extended headers of a tar: records of `length key=value` that change the next member.
//!
//! Only the keys that change a member's name or bytes matter, and a record that cannot be read is an error:
//! readers that pass over one, or that read its length in another way, have seen other members in the same
//! file. So the records are read here, where every byte of the header must belong to one.

use crate::archive::fault::Fault;

/// What an extended header says of the next member.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Pax {
    pub(crate) path: Option<Vec<u8>>,
    pub(crate) size: Option<u64>,
    pub(crate) link: Option<Vec<u8>>,
    pub(crate) sparse: bool,
}

impl Pax {
    /// Reads the records; keys that change neither a member's name nor its bytes are passed over.
    pub(crate) fn parse(mut data: &[u8]) -> Result<Self, Fault> {
        let mut pax = Self::default();
        while !data.is_empty() {
            let (key, value, rest) =
                record(data).ok_or_else(|| Fault::corrupt("an extended header that cannot be read"))?;
            data = rest;
            match key {
                b"path" => pax.path = (!value.is_empty()).then(|| value.to_vec()),
                b"size" if value.is_empty() => pax.size = None,
                b"size" => {
                    let size = number(value).ok_or_else(|| Fault::corrupt("a size that is not a number"))?;
                    pax.size = Some(size);
                }
                b"linkpath" => pax.link = Some(value.to_vec()),
                _ if key.starts_with(b"GNU.sparse.") || key == b"SCHILY.realsize" => {
                    pax.sparse = true;
                }
                _ => {}
            }
        }
        Ok(pax)
    }

    /// Says whether it would change a member.
    pub(crate) fn changes_members(&self) -> bool {
        *self != Self::default()
    }
}

/// Splits the first record off: its key, its value and what follows it.
fn record(data: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = data.iter().take(21).position(|byte| *byte == b' ')?;
    let length = usize::try_from(number(&data[..space])?).ok()?;
    if length <= space + 1 || length > data.len() {
        return None;
    }
    let (record, rest) = data.split_at(length);
    let record = record[space + 1..].strip_suffix(b"\n")?;
    let equals = record.iter().position(|byte| *byte == b'=')?;
    Some((&record[..equals], &record[equals + 1..], rest))
}

fn number(digits: &[u8]) -> Option<u64> {
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_record_takes_bytes_or_fails(records in prop::collection::vec(prop_oneof![
            prop::collection::vec(prop_oneof![prop::sample::select(b"0129 =\npathsize+-".to_vec()), any::<u8>()], 0..40),
            "[a-zA-Z.=]{1,20}".prop_map(|record| format!("{} {record}=x\n", record.len() + 6).into_bytes()),
        ], 0..8)) {
            let data = records.concat();
            let mut rest = data.as_slice();
            for _ in 0..data.len() {
                let Some((key, value, after)) = record(rest) else { break };
                prop_assert!(after.len() + key.len() + value.len() < rest.len());
                rest = after;
            }
            prop_assert!(record(rest).is_none());
            let _ = Pax::parse(&data);
        }
    }

    #[test]
    fn records_are_split_by_their_length() {
        let pax = Pax::parse(b"14 path=a\nb/c\n21 SCHILY.xattr.x=\n=\n12 size=777\n").unwrap();
        assert_eq!(pax.path.as_deref(), Some(&b"a\nb/c"[..]));
        assert_eq!(pax.size, Some(777));
        assert!(pax.link.is_none() && !pax.sparse);
        assert!(!Pax::parse(b"14 comment=hi\n").unwrap().changes_members());
    }

    #[test]
    fn broken_records_are_refused() {
        for data in [
            &b"5 a=b"[..],
            b"99 path=a\n",
            b"0 path=a\n",
            b"x path=a\n",
            b"9 path\nab\n",
            b"10 size=-1\n",
            b"+8 size=1\n",
            b"\0\0\0",
        ] {
            assert!(Pax::parse(data).is_err(), "{data:?}");
        }
    }
}
