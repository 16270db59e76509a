//! Documents as they come: with authors, scripts, files, a past, and worse.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::content::{Content, Operation};
use lopdf::{Document, Object, Stream, dictionary};

use super::*;

/// A page with words on it, and everything that must not come through.
fn telling() -> Document {
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let text = Content {
        operations: vec![Operation::new(
            "Tj",
            vec![Object::string_literal("Oak boards 12.50")],
        )],
    };
    let content = document.add_object(Stream::new(dictionary! {}, text.encode().unwrap()));
    let script = document.add_object(dictionary! {
        "Type" => "Action", "S" => "JavaScript", "JS" => Object::string_literal("app.alert('SECRETSCRIPT')"),
    });
    let file = document.add_object(Stream::new(
        dictionary! { "Type" => "EmbeddedFile" },
        b"SECRETFILE".to_vec(),
    ));
    let spec = document.add_object(dictionary! {
        "Type" => "Filespec", "F" => Object::string_literal("a.exe"), "EF" => dictionary! { "F" => file },
    });
    let xmp = document.add_object(Stream::new(
        dictionary! { "Type" => "Metadata" },
        b"<x>SECRETXMP</x>".to_vec(),
    ));
    let photo = [
        &[0xff, 0xd8, 0xff, 0xe1, 0, 11][..],
        b"SECRETGPS",
        &[0xff, 0xda, 0, 2, 5, 0xff, 0xd9],
    ];
    let photo = document.add_object(Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => 1, "Height" => 1, "Filter" => "DCTDecode",
        },
        photo.concat(),
    ));
    let note = dictionary! {
        "Type" => "Annot", "Subtype" => "FileAttachment", "FS" => spec, "T" => Object::string_literal("SECRETNAME"),
        "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()], "A" => script, "AP" => dictionary! { "N" => content },
    };
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content, "AA" => dictionary! { "O" => script },
        "Annots" => vec![note.into()], "Metadata" => xmp,
        "Resources" => dictionary! { "XObject" => dictionary! { "Im1" => photo }, "Odd" => spec },
    });
    document.objects.insert(
        pages,
        Object::Dictionary(dictionary! {
            "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1,
            "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        }),
    );
    let root = document.add_object(dictionary! {
        "Type" => "Catalog", "Pages" => pages, "OpenAction" => script, "Metadata" => xmp,
        "Names" => dictionary! { "EmbeddedFiles" => dictionary! { "Names" => vec![spec.into()] } },
    });
    let info = document.add_object(dictionary! {
        "Author" => Object::string_literal("SECRETAUTHOR"), "Producer" => Object::string_literal("SECRETPROGRAM"),
    });
    document.trailer.set("Root", root);
    document.trailer.set("Info", info);
    document
}

fn saved(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn says(bytes: &[u8], words: &str) -> bool {
    bytes
        .windows(words.len())
        .any(|window| window == words.as_bytes())
}

#[test]
fn a_document_keeps_its_pages_and_loses_what_nobody_sees() {
    let told = saved(telling());
    for words in [
        "SECRETAUTHOR",
        "SECRETSCRIPT",
        "SECRETFILE",
        "SECRETXMP",
        "SECRETGPS",
        "SECRETNAME",
    ] {
        assert!(says(&told, words), "{words}");
    }
    let kept = clean(&told).unwrap();
    for words in [
        "SECRET",
        "JavaScript",
        "OpenAction",
        "EmbeddedFile",
        "Filespec",
        "/Info",
        "Metadata",
    ] {
        assert!(!says(&kept, words), "{words}");
    }
    let document = Document::load_mem(&kept).unwrap();
    let page = *document.get_pages().get(&1).unwrap();
    let content = document.get_page_content(page);
    assert!(says(&content, "Oak boards 12.50"));
    let page = document.get_dictionary(page).unwrap();
    assert!(page.has(b"MediaBox") && page.has(b"Resources"), "{page:?}");
    assert_eq!(
        clean(&kept).map(|again| Document::load_mem(&again).unwrap().get_pages().len()),
        Ok(1)
    );
}

#[test]
fn what_is_locked_or_broken_or_empty_is_refused_in_words() {
    let told = saved(telling());
    assert_eq!(clean(&told[..told.len() / 3]), Err(VoucherRefusal::Broken));
    assert_eq!(clean(b"%PDF-1.7\nnothing"), Err(VoucherRefusal::Broken));
    let mut locked = telling();
    let key = locked.add_object(dictionary! { "Filter" => "Standard", "V" => 1, "R" => 2 });
    locked.trailer.set("Encrypt", key);
    assert_eq!(clean(&saved(locked)), Err(VoucherRefusal::Encrypted));
}

#[test]
fn a_page_that_inflates_without_end_is_refused() {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0_u8; 1024 * 1024];
    for _ in 0..300 {
        encoder.write_all(&zeros).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 1024 * 1024);
    let mut document = telling();
    let page = *document.get_pages().get(&1).unwrap();
    let content = document.add_object(Stream::new(dictionary! { "Filter" => "FlateDecode" }, bomb));
    let page = document.get_object_mut(page).unwrap().as_dict_mut().unwrap();
    page.set("Contents", content);
    assert_eq!(clean(&saved(document)), Err(VoucherRefusal::Bomb));
}

#[test]
fn a_picture_on_a_page_has_a_limit_too() {
    let mut document = telling();
    let photo = document.objects.values_mut().find_map(|object| match object {
        Object::Stream(stream) if stream.dict.has(b"Width") => Some(stream),
        _ => None,
    });
    let photo = photo.unwrap();
    photo.dict.set("Width", 1_000_000_000_i64);
    photo.dict.set("Height", 1_000_i64);
    assert_eq!(clean(&saved(document)), Err(VoucherRefusal::Pixels));
}
