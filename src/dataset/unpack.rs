//! Reading the data sets that are too large to be written out: whole numbers behind an adaptive range coder, as
//! `tests/reference/pack.py` packs them.
//!
//! After G. N. N. Martin (1979), Range encoding: an algorithm for removing redundancy from a digitised message.

/// Reads numbers in the order in which they were written.
pub(super) struct Unpacker {
    bytes: std::slice::Iter<'static, u8>,
    range: u32,
    code: u32,
    /// Two estimates of the probability of a 0, of 4096, a quick and a slow one: by context and the bits before.
    estimates: Vec<[u16; 2]>,
}

/// Contexts have room for this many modelled bits.
const MOST_BITS: u32 = 6;

impl Unpacker {
    pub(super) fn new(bytes: &'static [u8], contexts: usize) -> Unpacker {
        let mut unpacker = Unpacker {
            bytes: bytes.iter(),
            range: u32::MAX,
            code: 0,
            estimates: vec![[2048; 2]; contexts << MOST_BITS],
        };
        (0..4).for_each(|_| unpacker.shift());
        unpacker
    }

    fn shift(&mut self) {
        self.code = self.code << 8 | u32::from(self.bytes.next().copied().unwrap_or(0));
    }

    /// Whether the code lies above `bound`, which then is cut off.
    fn above(&mut self, bound: u32, rest: u32) -> bool {
        let above = self.code >= bound;
        if above {
            self.code -= bound;
            self.range = rest;
        } else {
            self.range = bound;
        }
        while self.range < 1 << 24 {
            self.range <<= 8;
            self.shift();
        }
        above
    }

    /// A number of `modelled` bits, whose frequencies are learned, and `plain` lower ones.
    pub(super) fn number(&mut self, context: usize, modelled: u32, plain: u32) -> u32 {
        let mut node = 1;
        for _ in 0..modelled {
            let place = context << MOST_BITS | node;
            let [quick, slow] = self.estimates[place];
            let bound = (self.range >> 12) * u32::from((quick + slow) / 2);
            let bit = self.above(bound, self.range - bound);
            let learned = |e: u16, rate: u32| if bit { e - (e >> rate) } else { e + ((4096 - e) >> rate) };
            self.estimates[place] = [learned(quick, 4), learned(slow, 7)];
            node = 2 * node + usize::from(bit);
        }
        let mut value = node as u32 - (1 << modelled);
        for _ in 0..plain {
            let half = self.range >> 1;
            value = 2 * value + u32::from(self.above(half, half));
        }
        value
    }
}
