//! The brackets of JSON, 64 bytes at a time.
//!
//! A bracket inside a string is none. Comparing 16 bytes at once gives a bit for each byte that is a
//! quote, a backslash or a bracket; a running parity over the quotes that no backslash escapes then tells
//! which bytes lie inside strings.

use wide::u8x16;

/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// What must be remembered from one block to the next.
#[derive(Debug, Clone, Copy, Default)]
struct Strings {
    /// Whether the next block begins inside a string.
    inside: bool,
    /// Whether the next block's first byte is escaped.
    escaped: u64,
}

/// The brackets of a block outside of strings, a bit for each byte.
#[derive(Debug, Clone, Copy)]
struct Brackets {
    /// `{` and `[`.
    opens: u64,
    /// `}` and `]`.
    closes: u64,
}

impl Strings {
    /// The brackets of the next block.
    fn brackets(&mut self, block: &[u8; BLOCK]) -> Brackets {
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

/// The inside of a value behind its opening bracket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Nest {
    depth: u32,
    strings: Strings,
}

/// How far a value was followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Followed {
    /// It ends behind so many bytes.
    Ended(usize),
    /// It goes on behind so many bytes.
    Inside(usize),
}

impl Nest {
    pub(crate) fn new() -> Self {
        Self { depth: 1, strings: Strings::default() }
    }

    /// Follows the value through the next bytes. Unless `last` says that none follow, up to 63 of them are
    /// left to be shown again with those that do.
    pub(crate) fn follow(&mut self, bytes: &[u8], last: bool) -> Followed {
        let mut at = 0;
        let mut padded;
        loop {
            let rest = &bytes[at..];
            let (block, length): (&[u8; BLOCK], usize) = match rest.first_chunk::<BLOCK>() {
                Some(block) => (block, BLOCK),
                None if last && !rest.is_empty() => {
                    padded = [b' '; BLOCK];
                    padded[..rest.len()].copy_from_slice(rest);
                    (&padded, rest.len())
                }
                None => return Followed::Inside(at),
            };
            let brackets = self.strings.brackets(block);
            if brackets.closes.count_ones() >= self.depth
                && let Some(end) = brackets.end_of(self.depth)
            {
                return Followed::Ended(at + end + 1);
            }
            self.depth = self.depth + brackets.opens.count_ones() - brackets.closes.count_ones();
            at += length;
        }
    }
}

impl Brackets {
    /// Where in the block the bracket stands that closes a value whose depth before the block is `depth`.
    fn end_of(self, depth: u32) -> Option<usize> {
        let mut closes = self.closes;
        let mut closed = 0;
        while closes != 0 {
            let at = closes.trailing_zeros();
            let opened = (self.opens & ((1u64 << at) - 1)).count_ones();
            if depth + opened - closed <= 1 {
                return Some(at as usize);
            }
            closed += 1;
            closes &= closes - 1;
        }
        None
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
