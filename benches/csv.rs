//! Seconds to read a large table of one's own: 100,000 rows of 17 numbers, a category and a class. `cargo bench --bench csv`.
#![allow(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![allow(missing_docs)]

use std::fmt::Write;
use std::time::Instant;
use tunescape::dataset::Csv;
use tunescape::table::Choices;

/// Of how many reads the fastest counts.
const READS: usize = 5;

fn main() {
    let mut text = String::from("a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,colour,class\n");
    for i in 0..100_000u64 {
        for f in 0..17u64 {
            write!(text, "{:.3},", ((i * 7919 + f * 104_729) % 1_000_003) as f64 / 997.0).expect("written");
        }
        writeln!(text, "c{},k{}", i % 17, i % 3).expect("written");
    }
    let read = || {
        let start = Instant::now();
        let csv = Csv::read(text.as_bytes(), &Choices::default()).expect("a table");
        let seconds = start.elapsed().as_secs_f64();
        assert_eq!(csv.description.rows, 100_000);
        seconds
    };
    let fastest = (0..READS).map(|_| read()).fold(f64::INFINITY, f64::min);
    println!("{} bytes read in {fastest:.3} s", text.len());
}
