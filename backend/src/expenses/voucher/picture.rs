//! Pictures: decoded within limits, turned as they are shown, and encoded anew. Only pixels come through: no EXIF, no
//! place, no thumbnail of what was cut off, no text.

use std::io::Cursor;

use felag_domain::expense::VoucherKind;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, ImageResult, Limits};

use super::VoucherRefusal;

/// As much as the cameras of telephones take.
const PIXELS_MAX: u64 = 50_000_000;
/// Of one side, in pixels.
const SIDE_MAX: u32 = 20_000;
/// What a decoder may take, in bytes: four for each pixel, twice.
const MEMORY_MAX: u64 = 8 * PIXELS_MAX;
/// Text stays readable.
const QUALITY: u8 = 85;

/// The same picture, and nothing but the picture.
///
/// # Errors
/// [`VoucherRefusal::Pixels`], [`VoucherRefusal::Broken`].
pub fn clean(kind: VoucherKind, bytes: &[u8]) -> Result<Vec<u8>, VoucherRefusal> {
    let picture = decode(kind, bytes)?;
    encode(kind, picture).map_err(|_| VoucherRefusal::Broken)
}

fn decode(kind: VoucherKind, bytes: &[u8]) -> Result<DynamicImage, VoucherRefusal> {
    let format = match kind {
        VoucherKind::Jpeg => ImageFormat::Jpeg,
        VoucherKind::Png => ImageFormat::Png,
        VoucherKind::Webp => ImageFormat::WebP,
        VoucherKind::Pdf => return Err(VoucherRefusal::Kind),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(VoucherRefusal::Pixels);
    }
    let orientation = decoder.orientation().map_err(refused)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn refused(cause: ImageError) -> VoucherRefusal {
    match cause {
        ImageError::Limits(_) => VoucherRefusal::Pixels,
        _ => VoucherRefusal::Broken,
    }
}

fn encode(kind: VoucherKind, picture: DynamicImage) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    if kind == VoucherKind::Jpeg {
        let picture = picture.into_rgb8();
        picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))?;
        return Ok(bytes);
    }
    let picture = match picture.color().has_alpha() {
        true => DynamicImage::from(picture.into_rgba8()),
        false => DynamicImage::from(picture.into_rgb8()),
    };
    match kind {
        VoucherKind::Webp => picture.write_with_encoder(WebPEncoder::new_lossless(&mut bytes))?,
        _ => picture.write_with_encoder(PngEncoder::new(&mut bytes))?,
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(40, 20)
            .write_to(&mut bytes, format)
            .unwrap();
        bytes.into_inner()
    }

    /// EXIF with a camera's name, put where cameras put it.
    fn with_exif(jpeg: &[u8], exif: &[u8]) -> Vec<u8> {
        let length = u16::try_from(exif.len() + 8).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length, b"Exif\0\0", exif, &jpeg[2..]].concat()
    }

    #[test]
    fn a_picture_stays_the_picture_and_loses_what_stood_beside_it() {
        // Little-endian TIFF, one entry: orientation 6, a quarter turn. Then words.
        let exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0GPSLatitude 64.1466";
        let told = with_exif(&small(ImageFormat::Jpeg), exif);
        let clean = clean(VoucherKind::Jpeg, &told).unwrap();
        assert!(
            !clean
                .windows(4)
                .any(|window| window == b"Exif" || window == b"GPSL")
        );
        let read = image::load_from_memory(&clean).unwrap();
        assert_eq!((read.width(), read.height()), (20, 40), "turned as it is shown");
    }

    #[test]
    fn each_kind_comes_back_as_it_was() {
        for (kind, format) in [
            (VoucherKind::Jpeg, ImageFormat::Jpeg),
            (VoucherKind::Png, ImageFormat::Png),
            (VoucherKind::Webp, ImageFormat::WebP),
        ] {
            let bytes = clean(kind, &small(format)).unwrap();
            assert_eq!(VoucherKind::of(&bytes), Some(kind));
            let half = &small(format)[..40];
            assert_eq!(clean(kind, half), Err(VoucherRefusal::Broken), "{kind}");
        }
    }

    #[test]
    fn a_picture_of_too_many_pixels_is_not_even_decoded() {
        let mut png = small(ImageFormat::Png);
        // The header's width, and its checksum.
        png[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        let mut checksum = flate2::Crc::new();
        checksum.update(&png[12..29]);
        png[29..33].copy_from_slice(&checksum.sum().to_be_bytes());
        assert_eq!(clean(VoucherKind::Png, &png), Err(VoucherRefusal::Pixels));
    }
}
