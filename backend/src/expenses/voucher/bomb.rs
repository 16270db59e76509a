//! A small file that becomes a huge one: what is deflated in a PDF is inflated once, into nothing, and counted.

use std::io::{Read, sink};

use flate2::read::ZlibDecoder;

use super::VoucherRefusal;

/// The most that all streams of a document may inflate to: some ten scanned pages, uncompressed.
const INFLATED_MAX: u64 = 256 * 1024 * 1024;
/// How a stream begins.
const STREAM: &[u8] = b"stream";

/// Whether a document stays below the limit.
///
/// # Errors
/// [`VoucherRefusal::Bomb`].
pub fn look(bytes: &[u8]) -> Result<(), VoucherRefusal> {
    let mut left = INFLATED_MAX;
    let mut rest = bytes;
    while let Some(at) = rest.windows(STREAM.len()).position(|window| window == STREAM) {
        rest = &rest[at + STREAM.len()..];
        let body = match rest {
            [b'\r', b'\n', body @ ..] | [b'\n', body @ ..] | [b'\r', body @ ..] => body,
            _ => continue,
        };
        // What is not deflated ends at once, and counts for nothing.
        let mut inflated = ZlibDecoder::new(body).take(left);
        let mut count = Counted(0);
        std::io::copy(&mut inflated, &mut count).ok();
        left = left.saturating_sub(count.0);
        if left == 0 {
            return Err(VoucherRefusal::Bomb);
        }
    }
    Ok(())
}

/// Counts what is thrown away, even when the source fails half-way.
struct Counted(u64);

impl std::io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = sink().write(bytes)?;
        self.0 = self.0.saturating_add(u64::try_from(written).unwrap_or(u64::MAX));
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
