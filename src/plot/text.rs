//! What texts a picture has, and how wide they are: one table for every backend, so that a picture has the same layout everywhere.

use std::borrow::Cow;
use std::cell::Cell;

/// Gives a text in other words.
pub type Words = fn(&str) -> String;

thread_local! {
    static WORDS: Cell<Option<Words>> = const { Cell::new(None) };
}

/// From now on the pictures of this thread say their texts in the words that `words` has for them: before they are measured, shortened and
/// broken into lines, since another language takes other room.
pub fn speak(words: Words) {
    WORDS.set(Some(words));
}

/// A text in the words of [`speak`]. What has no Latin word, or was said already, stays as it is.
pub fn said(text: &str) -> Cow<'_, str> {
    let has_word = || {
        text.as_bytes()
            .windows(2)
            .any(|w| w.iter().all(u8::is_ascii_alphabetic))
    };
    match WORDS.get() {
        Some(words) if has_word() && !text.contains(is_chinese) => Cow::Owned(words(text)),
        _ => Cow::Borrowed(text),
    }
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Advance widths of the printable ASCII characters in thousandths of an em: those of DejaVu Sans, the widest of the
/// usual interface fonts, so that what fits by this table fits in the others too.
const ASCII: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
];

/// Advance width of one character, in em.
fn advance(c: char) -> f64 {
    let code = c as u32;
    let thousandths = match code {
        0x20..=0x7e => ASCII[(code - 0x20) as usize],
        0..=0x1f | 0x7f..=0x9f | 0x300..=0x36f | 0x200b..=0x200f => 0,
        0xb7 => 318,
        0x207b => 528,
        0xb2 | 0xb3 | 0xb9 | 0x2070..=0x209f => 460,
        0xd7 | 0xf7 | 0xb1 | 0x2190..=0x22ff => 838,
        0x2013 => 500,
        0x2014 | 0x2026 => 1000,
        0xa0..=0x24f => 660,
        0x250..=0x10ff => 700,
        0x1f000..=0x1faff => 1250,
        _ => 1000,
    };
    f64::from(thousandths) / 1000.0
}

fn is_mark(c: char) -> bool {
    matches!(c, '、' | '。' | '，' | '：' | '；' | '）')
}

/// Width of `text`, in the words of [`speak`], set in an em of `size`.
pub fn width(text: &str, size: f64) -> f64 {
    measure(&said(text), size)
}

/// As [`width`], of a text that is in its words already.
pub(super) fn measure(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size
}

/// `text` without what no picture can show: control characters, which XML does not even allow.
pub fn clean(text: &str) -> String {
    let shown = |c: &char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().filter(shown).collect()
}

/// `text`, or its beginning with an ellipsis, not wider than `room`; empty if not even the ellipsis has room.
pub fn fit(text: &str, size: f64, room: f64) -> String {
    cut(&clean(&said(text)), size, room)
}

/// As [`fit`], of a text that is in its words already.
pub(super) fn cut(text: &str, size: f64, room: f64) -> String {
    if measure(text, size) <= room {
        return text.to_string();
    }
    let mut room = room - measure("…", size);
    if room < 0.0 {
        return String::new();
    }
    let fits = |c: &char| {
        room -= advance(*c) * size;
        room >= 0.0
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}

/// As [`fit`], with the end of the text rather than its beginning.
pub fn fit_end(text: &str, size: f64, room: f64) -> String {
    let backwards = |text: &str| text.chars().rev().collect::<String>();
    let fitted = cut(&backwards(&clean(&said(text))), size, room);
    backwards(&fitted)
}

/// `text` in lines not wider than `room`: broken at spaces, or anywhere in what has none (long names, Chinese).
pub fn wrap(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in clean(&said(text)).split_whitespace() {
        let joined = if line.is_empty() {
            word.to_string()
        } else {
            format!("{line} {word}")
        };
        if measure(&joined, size) <= room {
            line = joined;
            continue;
        }
        if !line.is_empty() && measure(word, size) <= room {
            lines.push(std::mem::take(&mut line));
            line = word.to_string();
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            if !line.is_empty() && measure(&line, size) + advance(c) * size > room {
                // No line begins with a comma or a full stop.
                let last = if is_mark(c) { line.pop() } else { None };
                lines.push(std::mem::take(&mut line).trim_end().to_string());
                line.extend(last);
            }
            line.push(c);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortened_and_wrapped_text_keeps_to_its_room() {
        let long = "min_samples_leaf of 随机森林的最大深度 and_a_word_without_any_break_at_all";
        for room in [12.0, 40.0, 90.0, 300.0] {
            assert!(width(&fit(long, 11.0, room), 11.0) <= room);
            let lines = wrap(long, 11.0, room);
            assert!(lines.iter().all(|l| width(l, 11.0) <= room), "{lines:?}");
            let letters = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(letters(&lines.concat()), letters(long));
        }
        assert_eq!(fit("C", 11.0, 60.0), "C");
        assert_eq!(fit("gamma", 11.0, 5.0), "");
    }

    #[test]
    fn chinese_is_one_em_a_character_and_ascii_is_not_counted_in_bytes() {
        assert_eq!(width("随机", 10.0), 20.0);
        assert_eq!(width("é", 1.0), 0.66);
        assert_eq!(width("00", 1.0), 1.272);
    }
}
