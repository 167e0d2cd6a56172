//! Native messaging frames: a length in the machine's own byte order, then that many bytes.
//!
//! Chrome sends up to 64 MiB and kills the port at an answer over 1 MiB
//! (<https://developer.chrome.com/docs/extensions/develop/concepts/native-messaging>).

use std::io::{self, Read, Write};

use byteorder::{ByteOrder, NativeEndian};
use zeroize::Zeroizing;

/// The longest request that is read, in bytes. A request is some addresses; a mail's text fits ten times over.
pub const REQUEST_LIMIT: u32 = 1024 * 1024;

/// The longest frame that is skipped to keep the conversation going, in bytes. No browser sends more, so a longer length
/// means that the stream isn't made of frames, and nothing after it can be trusted.
pub const SKIP_LIMIT: u32 = 64 * 1024 * 1024;

/// The longest answer a browser takes, in bytes.
pub const REPLY_LIMIT: usize = 1024 * 1024;

/// What came in.
#[derive(Debug, PartialEq, Eq)]
pub enum Incoming {
    /// A frame of 1 to [`REQUEST_LIMIT`] bytes, in memory that is wiped: there may be secrets in it.
    Frame(Zeroizing<Vec<u8>>),
    /// A frame without a byte in it.
    Empty,
    /// A frame of this many bytes, over [`REQUEST_LIMIT`]: read past, not kept.
    TooLong(u32),
}

/// Why nothing can be read any more.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The input ended inside a frame.
    #[error("the input ended inside a frame")]
    Truncated,
    /// A length over [`SKIP_LIMIT`].
    #[error("a frame announces {0} bytes, more than any browser sends")]
    NotFrames(u32),
    /// The operating system's own words.
    #[error("the input can't be read")]
    Io(#[from] io::Error),
}

/// Reads one frame; `None` when the input ended before it, which is how a browser says goodbye.
///
/// # Errors
/// See [`ReadError`]; after one, reading on is pointless.
pub fn read_frame(input: &mut impl Read) -> Result<Option<Incoming>, ReadError> {
    let mut header = Vec::with_capacity(4);
    input.take(4).read_to_end(&mut header)?;
    match header.len() {
        0 => return Ok(None),
        4 => {}
        _ => return Err(ReadError::Truncated),
    }
    let length = NativeEndian::read_u32(&header);
    if length == 0 {
        return Ok(Some(Incoming::Empty));
    }
    if length > SKIP_LIMIT {
        return Err(ReadError::NotFrames(length));
    }
    let mut body = input.take(length.into());
    if length > REQUEST_LIMIT {
        let skipped = io::copy(&mut body, &mut io::sink())?;
        return if skipped == u64::from(length) {
            Ok(Some(Incoming::TooLong(length)))
        } else {
            Err(ReadError::Truncated)
        };
    }
    // As long as announced from the beginning: a vector that grows leaves copies behind.
    let mut frame = Zeroizing::new(vec![0; length as usize]);
    match body.read_exact(&mut frame) {
        Ok(()) => Ok(Some(Incoming::Frame(frame))),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(ReadError::Truncated),
        Err(error) => Err(error.into()),
    }
}

/// Why a frame wasn't written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Over [`REPLY_LIMIT`]; nothing was written.
    #[error("an answer of {0} bytes is more than a browser takes")]
    TooLong(usize),
    /// The operating system's own words; most often the reader is gone.
    #[error("the output can't be written")]
    Io(#[from] io::Error),
}

/// Writes one frame in a single write, and flushes it.
///
/// # Errors
/// See [`WriteError`].
pub fn write_frame(output: &mut impl Write, body: &[u8]) -> Result<(), WriteError> {
    let length =
        u32::try_from(body.len()).ok().filter(|_| body.len() <= REPLY_LIMIT).ok_or(WriteError::TooLong(body.len()))?;
    let mut frame = vec![0; 4];
    NativeEndian::write_u32(&mut frame, length);
    frame.extend_from_slice(body);
    output.write_all(&frame)?;
    output.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn framed(length: u32, body: &[u8]) -> Vec<u8> {
        [&length.to_ne_bytes()[..], body].concat()
    }

    /// Hands out one byte per read, as a slow pipe does.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = buffer.len().min(1);
            self.0.read(&mut buffer[..count])
        }
    }

    #[test]
    fn frames_follow_each_other_until_the_end() {
        let bytes = [framed(2, b"{}"), framed(0, b""), framed(1, b"5")].concat();
        let mut input = Drip(&bytes);
        assert_eq!(read_frame(&mut input).unwrap(), Some(Incoming::Frame(b"{}".to_vec().into())));
        assert_eq!(read_frame(&mut input).unwrap(), Some(Incoming::Empty));
        assert_eq!(read_frame(&mut input).unwrap(), Some(Incoming::Frame(b"5".to_vec().into())));
        assert_eq!(read_frame(&mut input).unwrap(), None);
    }

    #[test]
    fn an_end_inside_a_frame_is_an_error() {
        for bytes in
            [&framed(5, b"")[..3], &framed(5, b"")[..], &framed(5, b"1234")[..], &framed(REQUEST_LIMIT + 1, b"1")]
        {
            assert!(matches!(read_frame(&mut &bytes[..]), Err(ReadError::Truncated)), "{bytes:?}");
        }
    }

    #[test]
    fn the_longest_request_is_read_and_a_longer_one_skipped() {
        let longest = vec![b' '; REQUEST_LIMIT as usize];
        let bytes = [
            framed(REQUEST_LIMIT, &longest),
            framed(REQUEST_LIMIT + 1, &[&longest[..], b" "].concat()),
            framed(1, b"5"),
        ]
        .concat();
        let mut input = &bytes[..];
        assert_eq!(read_frame(&mut input).unwrap(), Some(Incoming::Frame(longest.into())));
        assert_eq!(read_frame(&mut input).unwrap(), Some(Incoming::TooLong(REQUEST_LIMIT + 1)));
        assert_eq!(read_frame(&mut input).unwrap(), Some(Incoming::Frame(b"5".to_vec().into())));
    }

    #[test]
    fn text_on_the_stream_is_no_frame() {
        let error = read_frame(&mut &b"GET / HTTP/1.1\r\n"[..]).unwrap_err();
        assert!(matches!(error, ReadError::NotFrames(_)));
    }

    #[test]
    fn an_answer_is_written_whole_or_not_at_all() {
        let mut output = Vec::new();
        write_frame(&mut output, &vec![b' '; REPLY_LIMIT]).unwrap();
        assert_eq!(output.len(), REPLY_LIMIT + 4);
        output.clear();
        assert!(matches!(write_frame(&mut output, &vec![b' '; REPLY_LIMIT + 1]), Err(WriteError::TooLong(_))));
        assert!(output.is_empty());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bodies in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..300), 0..8)) {
            let mut stream = Vec::new();
            for body in &bodies {
                write_frame(&mut stream, body).unwrap();
            }
            let mut input = &stream[..];
            for body in bodies {
                prop_assert_eq!(read_frame(&mut input).unwrap(), Some(Incoming::Frame(body.into())));
            }
            prop_assert_eq!(read_frame(&mut input).unwrap(), None);
        }

        #[test]
        fn any_bytes_end_in_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            let mut input = &bytes[..];
            while let Ok(Some(_)) = read_frame(&mut input) {}
        }
    }

    #[test]
    fn fuzz_frames() {
        crate::fuzz::target("frames", |bytes| {
            // What a frame announces does come, or none would ever be too long.
            let mut input = bytes.chain(io::repeat(b' ').take(2 * u64::from(REQUEST_LIMIT)));
            while let Ok(Some(incoming)) = read_frame(&mut input) {
                let within = match incoming {
                    Incoming::Frame(frame) => (1..=REQUEST_LIMIT as usize).contains(&frame.len()),
                    Incoming::TooLong(length) => (REQUEST_LIMIT + 1..=SKIP_LIMIT).contains(&length),
                    Incoming::Empty => true,
                };
                assert!(within);
            }
        });
    }
}
