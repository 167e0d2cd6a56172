//! The table of what was measured.

use std::time::Duration;

use super::samples::Samples;

/// One line per figure: the host that does nothing, the host, how many times as much, and what is aimed at.
#[derive(Default)]
pub(super) struct Table(Vec<[String; 5]>);

impl Table {
    /// Smallest and median duration.
    pub(super) fn time(&mut self, what: &str, nothing: Samples, host: Samples, target: &str) {
        let (nothing, host) = (nothing.min_and_median(), host.min_and_median());
        let ratio = ratio(nothing.1.as_secs_f64(), host.1.as_secs_f64());
        self.row(what, milliseconds(nothing), milliseconds(host), ratio, target);
    }

    /// A duration that the host that does nothing has no counterpart for.
    pub(super) fn time_alone(&mut self, what: &str, host: Samples, target: &str) {
        self.row(what, String::new(), milliseconds(host.min_and_median()), String::new(), target);
    }

    /// Memory in KiB.
    pub(super) fn memory(&mut self, what: &str, nothing: u32, host: u32, target: &str) {
        self.row(what, mebibytes(nothing), mebibytes(host), ratio(nothing.into(), host.into()), target);
    }

    /// A file's size.
    pub(super) fn bytes(&mut self, what: &str, nothing: u32, host: u32, target: &str) {
        let text = |bytes: u32| format!("{:.2} MB", f64::from(bytes) / 1e6);
        self.row(what, text(nothing), text(host), ratio(nothing.into(), host.into()), target);
    }

    /// A number of things.
    pub(super) fn count(&mut self, what: &str, host: usize, target: &str) {
        self.row(what, String::new(), host.to_string(), String::new(), target);
    }

    /// A row of finished texts.
    pub(super) fn row(&mut self, what: &str, nothing: String, host: String, ratio: String, target: &str) {
        self.0.push([what.to_owned(), nothing, host, ratio, target.to_owned()]);
    }

    /// Durations are "smallest / median".
    pub(super) fn print(&self) {
        println!("\n{:<34} {:>19} {:>19} {:>7}  aim", "", "does nothing", "host", "ratio");
        for [what, nothing, host, ratio, target] in &self.0 {
            println!("{what:<34} {nothing:>19} {host:>19} {ratio:>7}  {target}");
        }
    }
}

/// KiB in a unit one can read.
pub(super) fn mebibytes(kib: u32) -> String {
    format!("{:.1} MiB", f64::from(kib) / 1024.0)
}

fn milliseconds((min, median): (Duration, Duration)) -> String {
    let ms = |duration: Duration| duration.as_secs_f64() * 1000.0;
    format!("{:.3} / {:.3} ms", ms(min), ms(median))
}

fn ratio(nothing: f64, host: f64) -> String {
    format!("{:.2} x", host / nothing)
}
