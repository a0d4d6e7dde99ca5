//! Values of DER, such as those of a certificate, with the lengths around them made to fit.

/// Values within values.
const MAX_DEPTH: u32 = 32;

/// What a leaf becomes; none if it stays.
pub(super) type Leaf<'a> = dyn FnMut(u8, &[u8]) -> Option<Vec<u8>> + 'a;

/// Shows every primitive value and takes what it becomes; none if the bytes are not whole DER or nothing changes.
pub(super) fn rewrite(bytes: &[u8], leaf: &mut Leaf<'_>) -> Option<Vec<u8>> {
    let mut changed = false;
    let new = values(bytes, leaf, &mut changed, 0)?;
    changed.then_some(new)
}

fn values(mut bytes: &[u8], leaf: &mut Leaf<'_>, changed: &mut bool, depth: u32) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    while let Some((tag, value, rest)) = split(bytes) {
        let inner = if depth >= MAX_DEPTH {
            None
        } else if tag & 0x20 != 0 {
            Some(values(value, leaf, changed, depth + 1)?)
        } else if tag == 0x04 && value.first().is_some_and(|first| first & 0x20 != 0) {
            // Extensions hold DER in a string of bytes.
            values(value, leaf, changed, depth + 1)
        } else {
            let new = leaf(tag, value);
            *changed |= new.is_some();
            new
        };
        put(&mut out, tag, inner.as_deref().unwrap_or(value));
        bytes = rest;
    }
    bytes.is_empty().then_some(out)
}

fn split(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (digits, rest) =
            rest.split_at_checked(usize::from(first & 0x7f)).filter(|(digits, _)| digits.len() <= 4)?;
        let length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
        (length, rest)
    };
    let (value, rest) = rest.split_at_checked(length)?;
    Some((tag, value, rest))
}

fn put(out: &mut Vec<u8>, tag: u8, value: &[u8]) {
    out.push(tag);
    let length = value.len();
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let digits: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|digit| *digit == 0).collect();
            out.push(0x80 | u8::try_from(digits.len()).unwrap_or(8));
            out.extend(digits);
        }
    }
    out.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_follow() {
        let inner = [0x0c, 2, b'a', b'b'];
        let mut outer = vec![0x30, 4];
        outer.extend(inner);
        let new = rewrite(&outer, &mut |_, value| (value == b"ab").then(|| vec![b'x'; 200])).unwrap();
        assert_eq!(new[..8], [0x30, 0x81, 203, 0x0c, 0x81, 200, b'x', b'x']);
        assert_eq!(rewrite(&outer, &mut |_, _| None), None);
        assert_eq!(rewrite(&outer[..5], &mut |_, _| Some(Vec::new())), None);
    }
}
