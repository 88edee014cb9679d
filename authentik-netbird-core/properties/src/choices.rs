//! Bytes as a row of choices, for a fuzzer to steer by.

/// Takes one choice after the other; all are the first one when the bytes are used up.
pub struct Choices<'a>(&'a [u8]);

impl<'a> Choices<'a> {
    /// Choices of these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether everything from here on is the first choice.
    pub fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// A number below `count`, which is not 0.
    pub fn below(&mut self, count: usize) -> usize {
        if count <= 256 {
            return usize::from(self.byte()) % count;
        }
        (usize::from(self.byte()) << 8 | usize::from(self.byte())) % count
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// A text of up to `longest` characters: those that mean something to JSON, bash, Go's templates,
    /// URLs, terminals and databases, and any other.
    pub fn text(&mut self, longest: usize) -> String {
        const SPECIAL: &[char] = &[
            'a',
            'Z',
            '0',
            '9',
            ' ',
            '-',
            '_',
            '.',
            '/',
            ':',
            '\'',
            '"',
            '\\',
            '$',
            '`',
            '{',
            '}',
            '(',
            ')',
            '<',
            '>',
            '&',
            ';',
            '|',
            '#',
            '!',
            '~',
            '*',
            '?',
            '=',
            '%',
            '@',
            '[',
            ']',
            '\n',
            '\r',
            '\t',
            '\0',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{a0}',
            'ä',
            'ß',
            'é',
            'Ж',
            '漢',
            '\u{200b}',
            '\u{202e}',
            '\u{2028}',
            '\u{feff}',
            '\u{fffd}',
            '😀',
            '\u{10ffff}',
        ];
        (0..self.below(longest + 1))
            .map(|_| match self.below(8) {
                0 => char::from_u32(self.below(0xd800) as u32).unwrap_or('x'),
                1 | 2 => char::from(b'a' + self.below(26) as u8),
                _ => self.pick(SPECIAL),
            })
            .collect()
    }
}
