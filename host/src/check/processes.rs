//! What runs on this machine, as far as Linux tells everybody in `/proc`; other systems tell nothing here.
//!
//! Source: proc(5), "/proc/net/tcp" and "/proc/pid/fd".

use std::fs;
use std::path::Path;

/// The program that listens at this port of 127.0.0.1 (or of every address), with its number, if it is this person's.
pub(super) fn listening_at(port: u16) -> Option<String> {
    let sockets = ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| fs::read_to_string(table).unwrap_or_default());
    let inode = sockets.iter().find_map(|table| listener(table, port))?;
    let link = format!("socket:[{inode}]");
    let mut processes = fs::read_dir("/proc").ok()?.flatten();
    let holder = processes.find(|process| {
        let files = fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten();
        files.into_iter().any(|file| fs::read_link(file.path()).is_ok_and(|target| target == Path::new(&link)))
    })?;
    let name = fs::read_to_string(holder.path().join("comm")).ok()?;
    Some(format!("{} ({})", name.trim_end(), holder.file_name().display()))
}

/// The inode of the socket that listens at the port, from a table of the kernel's.
fn listener(table: &str, port: u16) -> Option<&str> {
    const LISTENING: &str = "0A";
    table.lines().skip(1).find_map(|line| {
        let mut fields = line.split_whitespace();
        let (_, local, _, state) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        let (_, at) = local.rsplit_once(':')?;
        let wanted = state == LISTENING && u16::from_str_radix(at, 16) == Ok(port);
        wanted.then(|| fields.nth(5)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   \
        0: 0100007F:444D 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 11 1 0\n   \
        1: 0100007F:444D 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 22 1 0\n";

    #[test]
    fn the_socket_that_listens_is_told_from_one_that_talks() {
        assert_eq!(listener(TABLE, 17485), Some("22"));
        assert_eq!(listener(TABLE, 17486), None);
        for torn in ["", "x", "\n0: 0100007F:444D", "\n0: 444D 0 0A", &TABLE[..TABLE.len() - 10]] {
            assert_ne!(listener(torn, 17485), Some("22"));
        }
    }
}
