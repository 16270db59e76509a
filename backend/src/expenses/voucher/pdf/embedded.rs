//! Pictures on pages: a scanned bill is a photograph, with all that a camera writes into it.

use std::io::Read;

use flate2::read::ZlibDecoder;
use lopdf::{Object, Stream};

use super::{STREAM_MAX, VoucherRefusal};

/// As on the other side: more than any bill needs.
const PIXELS_MAX: i64 = 150_000_000;

/// Takes what cameras write out of a picture that keeps its file's form inside the document.
pub fn clean(stream: &mut Stream) -> Result<(), VoucherRefusal> {
    let side = |name: &[u8]| stream.dict.get(name).and_then(Object::as_i64).unwrap_or(0);
    if side(b"Width").saturating_mul(side(b"Height")) > PIXELS_MAX {
        return Err(VoucherRefusal::Pixels);
    }
    let filters = filters(stream);
    let Some((last, before)) = filters.split_last() else {
        return Ok(());
    };
    let strip = match last.as_slice() {
        b"DCTDecode" | b"DCT" => jpeg,
        b"JPXDecode" => jpeg2000,
        _ => return Ok(()),
    };
    match before {
        [] => {}
        [one] if one == b"FlateDecode" || one == b"Fl" => {
            stream.content = inflated(&stream.content)?;
            stream.dict.set("Filter", Object::Name(last.clone()));
            stream.dict.remove(b"DecodeParms");
        }
        _ => return Err(VoucherRefusal::Broken),
    }
    let content = strip(&stream.content).ok_or(VoucherRefusal::Broken)?;
    stream.set_content(content);
    Ok(())
}

fn filters(stream: &Stream) -> Vec<Vec<u8>> {
    match stream.dict.get(b"Filter") {
        Ok(Object::Name(name)) => vec![name.clone()],
        Ok(Object::Array(all)) => {
            let names = all.iter().filter_map(|one| one.as_name().ok());
            names.map(<[u8]>::to_vec).collect()
        }
        _ => Vec::new(),
    }
}

fn inflated(bytes: &[u8]) -> Result<Vec<u8>, VoucherRefusal> {
    let most = u64::try_from(STREAM_MAX).unwrap_or(u64::MAX);
    let mut whole = Vec::new();
    let mut reader = ZlibDecoder::new(bytes).take(most);
    reader
        .read_to_end(&mut whole)
        .map_err(|_| VoucherRefusal::Broken)?;
    Ok(whole)
}

/// A JPEG without its segments of metadata and comments. `APP14` stays: it says what the colours are. `None` if its
/// segments are no segments.
fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    let mut kept = vec![0xff, 0xd8];
    loop {
        let [0xff, marker, after @ ..] = rest else {
            return None;
        };
        match marker {
            // A filling byte, and the markers that stand alone.
            0xff => rest = &rest[1..],
            0x01 | 0xd0..=0xd9 => {
                kept.extend_from_slice(&rest[..2]);
                rest = after;
                if *marker == 0xd9 {
                    return Some(kept);
                }
            }
            // Pixels, up to the end of the picture. What follows it is nothing that is seen.
            0xda => {
                let end = rest.windows(2).rposition(|window| window == [0xff, 0xd9]);
                kept.extend_from_slice(&rest[..end.map_or(rest.len(), |end| end + 2)]);
                return Some(kept);
            }
            _ => {
                let length = usize::from(u16::from_be_bytes([*after.first()?, *after.get(1)?]));
                let segment = rest.get(..length.checked_add(2)?).filter(|_| length >= 2)?;
                if !matches!(marker, 0xe1..=0xed | 0xef | 0xfe) {
                    kept.extend_from_slice(segment);
                }
                rest = &rest[segment.len()..];
            }
        }
    }
}

/// A JPEG 2000 picture without its boxes of metadata. `None` if its boxes are no boxes.
fn jpeg2000(bytes: &[u8]) -> Option<Vec<u8>> {
    // Bare pixels, without boxes.
    if bytes.starts_with(&[0xff, 0x4f, 0xff, 0x51]) {
        return Some(bytes.to_vec());
    }
    let mut kept = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while !rest.is_empty() {
        let short = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?);
        let kind = rest.get(4..8)?;
        let length = match short {
            0 => rest.len(),
            1 => usize::try_from(u64::from_be_bytes(rest.get(8..16)?.try_into().ok()?)).ok()?,
            other => usize::try_from(other).ok()?,
        };
        let whole = rest.get(..length).filter(|_| length >= 8)?;
        if !matches!(kind, b"uuid" | b"xml " | b"uinf" | b"jp2i") {
            kept.extend_from_slice(whole);
        }
        rest = &rest[length..];
    }
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jpeg_keeps_its_pixels_and_loses_its_metadata() {
        let start = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2];
        let exif = [0xff, 0xe1, 0, 6, b'E', b'x', b'i', b'f'];
        let comment = [0xff, 0xfe, 0, 4, b'm', b'e'];
        let colours = [0xff, 0xee, 0, 4, 9, 9];
        let pixels = [0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9];
        let all = [&start[..], &exif, &comment, &colours, &pixels, b"after the end"].concat();
        let kept = [&start[..], &colours, &pixels].concat();
        assert_eq!(jpeg(&all), Some(kept));
        assert_eq!(jpeg(b"GIF89a"), None);
        assert_eq!(jpeg(&[0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff, 0]), None);
    }

    #[test]
    fn a_jpeg_2000_picture_loses_its_boxes_of_metadata() {
        let one = [0, 0, 0, 9, b'j', b'p', b'2', b'c', 7];
        let xml = [0, 0, 0, 9, b'x', b'm', b'l', b' ', 7];
        assert_eq!(jpeg2000(&[&xml[..], &one].concat()), Some(one.to_vec()));
        assert_eq!(jpeg2000(&[0, 0, 0, 99, b'j', b'p', b'2', b'c']), None);
    }
}
