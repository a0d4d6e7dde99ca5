//! The brackets of JSON, 64 bytes at a time.
//!
//! A bracket inside a string is none. Comparing 16 bytes at once gives a bit for each byte that is a
//! quote, a backslash or a bracket; a running parity over the quotes that no backslash escapes then tells
//! which bytes lie inside strings.

use wide::u8x16;

/// Bytes that are looked at together.
pub(crate) const BLOCK: usize = 64;

/// What must be remembered from one block to the next.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Strings {
    /// Whether the next block begins inside a string.
    inside: bool,
    /// Whether the next block's first byte is escaped.
    escaped: u64,
}

/// The brackets of a block outside of strings, a bit for each byte.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Brackets {
    /// `{` and `[`.
    pub(crate) opens: u64,
    /// `}` and `]`.
    pub(crate) closes: u64,
}

impl Strings {
    /// The brackets of the next block.
    pub(crate) fn brackets(&mut self, block: &[u8; BLOCK]) -> Brackets {
        let masks = Masks::of(block);
        let quotes = masks.quote & !escaped_bytes(masks.backslash, &mut self.escaped);
        let mut inside = prefix_xor(quotes);
        if self.inside {
            inside = !inside;
        }
        self.inside = inside >> 63 == 1;
        Brackets { opens: masks.open & !inside, closes: masks.close & !inside }
    }
}

struct Masks {
    quote: u64,
    backslash: u64,
    open: u64,
    close: u64,
}

impl Masks {
    fn of(block: &[u8; 64]) -> Self {
        let mut masks = Self { quote: 0, backslash: 0, open: 0, close: 0 };
        for (part, bytes) in block.as_chunks::<16>().0.iter().enumerate() {
            let lane = u8x16::new(*bytes);
            // `{`/`[` and `}`/`]` differ in one bit only, 0x20.
            let folded = lane | u8x16::splat(0x20);
            let shift = part * 16;
            masks.quote |= u64::from(lane.simd_eq(u8x16::splat(b'"')).to_bitmask()) << shift;
            masks.backslash |= u64::from(lane.simd_eq(u8x16::splat(b'\\')).to_bitmask()) << shift;
            masks.open |= u64::from(folded.simd_eq(u8x16::splat(b'{')).to_bitmask()) << shift;
            masks.close |= u64::from(folded.simd_eq(u8x16::splat(b'}')).to_bitmask()) << shift;
        }
        masks
    }
}

/// The bytes that a backslash escapes; `carry` says whether the block's first byte is one of them.
fn escaped_bytes(backslash: u64, carry: &mut u64) -> u64 {
    const EVEN: u64 = 0x5555_5555_5555_5555;
    if backslash == 0 {
        return std::mem::take(carry);
    }
    let backslash = backslash & !*carry;
    let follows = backslash << 1 | *carry;
    let odd_starts = backslash & !EVEN & !follows;
    let (even_runs, overflow) = odd_starts.overflowing_add(backslash);
    *carry = u64::from(overflow);
    (EVEN ^ (even_runs << 1)) & follows
}

/// Each bit becomes the parity of the bits up to it: ones between an opening and a closing quote.
fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}
