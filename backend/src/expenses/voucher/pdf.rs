//! PDFs: written anew from the pages alone. A new catalogue holds the pages and nothing else, each page what is drawn on
//! it; notes and fields keep how they look. So what nobody sees is gone: author and program, XMP, older versions,
//! scripts, actions, other files inside, and what cameras wrote into the pictures on the pages.

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, Stream};

use super::{VoucherRefusal, bomb};

mod embedded;

/// The most that one stream of objects may inflate to while the document is read, in bytes.
const STREAM_MAX: usize = 32 * 1024 * 1024;
/// What a document names that says how it is locked.
const LOCK: &[u8] = b"/Encrypt";
/// More than a bill has.
const OBJECTS_MAX: usize = 200_000;
const PAGES_MAX: usize = 200;
/// How deep a tree of pages, or an object, may be.
const DEPTH_MAX: usize = 40;

/// What a page keeps; what it may have from the nodes above it comes first.
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];
const OF_PAGE: [&[u8]; 4] = [b"Contents", b"Group", b"UserUnit", b"TrimBox"];
/// What is drawn with.
const OF_RESOURCES: [&[u8]; 8] = [
    b"Font",
    b"XObject",
    b"ExtGState",
    b"ColorSpace",
    b"Pattern",
    b"Shading",
    b"Properties",
    b"ProcSet",
];
/// How a note or a field looks, and where.
const OF_NOTE: [&[u8]; 7] = [b"Type", b"Subtype", b"Rect", b"AP", b"AS", b"F", b"C"];
/// Never kept, wherever it stands.
const NOWHERE: [&[u8]; 3] = [b"Metadata", b"PieceInfo", b"LastModified"];
/// Never kept of a stream: files outside, files inside, thumbnails.
const OF_NO_STREAM: [&[u8]; 6] = [b"F", b"FFilter", b"FDecodeParms", b"AF", b"Ref", b"OPI"];

/// The same pages, and nothing but the pages.
///
/// # Errors
/// [`VoucherRefusal`]
pub fn clean(bytes: &[u8]) -> Result<Vec<u8>, VoucherRefusal> {
    bomb::look(bytes)?;
    let mut document = load(bytes)?;
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    if pages.is_empty() {
        return Err(VoucherRefusal::Broken);
    }
    if pages.len() > PAGES_MAX || document.objects.len() > OBJECTS_MAX {
        return Err(VoucherRefusal::Pages);
    }
    let cleaned: Vec<Dictionary> = pages.iter().map(|page| page_of(&document, *page)).collect();
    let root = document.new_object_id();
    let mut kids = Vec::new();
    for (id, mut page) in pages.into_iter().zip(cleaned) {
        page.set("Parent", Object::Reference(root));
        document.objects.insert(id, Object::Dictionary(page));
        kids.push(Object::Reference(id));
    }
    let count = i64::try_from(kids.len()).unwrap_or(i64::MAX);
    let tree = [
        ("Type", Object::from("Pages")),
        ("Kids", kids.into()),
        ("Count", count.into()),
    ];
    document.objects.insert(root, Object::Dictionary(named(tree)));
    let catalogue = document.add_object(named([
        ("Type", Object::from("Catalog")),
        ("Pages", Object::Reference(root)),
    ]));
    document.trailer = named([("Root", Object::Reference(catalogue))]);
    document.prune_objects();
    for object in document.objects.values_mut() {
        strip(object, 0)?;
    }
    document.prune_objects();
    document.renumber_objects();
    let mut written = Vec::new();
    document
        .save_to(&mut written)
        .map_err(|_| VoucherRefusal::Broken)?;
    // What cannot be read back is not kept.
    let again = load(&written)?;
    if again.get_pages().len() != usize::try_from(count).unwrap_or(0) {
        return Err(VoucherRefusal::Broken);
    }
    Ok(written)
}

fn load(bytes: &[u8]) -> Result<Document, VoucherRefusal> {
    let options = LoadOptions {
        max_decompressed_size: Some(STREAM_MAX),
        ..LoadOptions::default()
    };
    // Before it is read: a reader that is patient takes what is encrypted for pages that are missing.
    if bytes.windows(LOCK.len()).any(|window| window == LOCK) {
        return Err(VoucherRefusal::Encrypted);
    }
    match Document::load_mem_with_options(bytes, options) {
        Ok(document) if document.is_encrypted() || document.was_encrypted() => Err(VoucherRefusal::Encrypted),
        Ok(document) => Ok(document),
        Err(lopdf::Error::Decompress(_)) => Err(VoucherRefusal::Bomb),
        Err(_) => Err(VoucherRefusal::Broken),
    }
}

fn named<const N: usize>(pairs: [(&str, Object); N]) -> Dictionary {
    pairs.into_iter().collect()
}

/// What `from` has of these names.
fn only(from: &Dictionary, names: &[&[u8]]) -> Dictionary {
    let mut kept = Dictionary::new();
    for name in names {
        if let Ok(value) = from.get(name) {
            kept.set(*name, value.clone());
        }
    }
    kept
}

fn page_of(document: &Document, id: ObjectId) -> Dictionary {
    let Ok(page) = document.get_dictionary(id) else {
        return named([("Type", Object::from("Page"))]);
    };
    let mut kept = only(page, &OF_PAGE);
    kept.set("Type", Object::from("Page"));
    for name in INHERITED {
        if let Some(value) = inherited(document, page, name) {
            kept.set(name, value);
        }
    }
    let resources = kept.get_deref(b"Resources", document).and_then(Object::as_dict);
    if let Ok(resources) = resources.map(|resources| only(resources, &OF_RESOURCES)) {
        kept.set("Resources", resources);
    }
    let notes = page.get_deref(b"Annots", document).and_then(Object::as_array);
    if let Ok(notes) = notes {
        let notes: Vec<Object> = notes.iter().filter_map(|note| note_of(document, note)).collect();
        kept.set("Annots", notes);
    }
    kept
}

/// A value of the page, or of the nearest node above that has it.
fn inherited(document: &Document, page: &Dictionary, name: &[u8]) -> Option<Object> {
    let mut node = page;
    for _ in 0..DEPTH_MAX {
        if let Ok(value) = node.get(name) {
            return Some(value.clone());
        }
        node = node
            .get_deref(b"Parent", document)
            .and_then(Object::as_dict)
            .ok()?;
    }
    None
}

/// How a note or a field looks; nothing when it does not say: what would be drawn then depends on words that are gone.
fn note_of(document: &Document, note: &Object) -> Option<Object> {
    let note = match note {
        Object::Reference(id) => document.get_dictionary(*id).ok()?,
        direct => direct.as_dict().ok()?,
    };
    note.get(b"AP").ok()?;
    Some(Object::Dictionary(only(note, &OF_NOTE)))
}

/// Takes out of an object what is never kept.
fn strip(object: &mut Object, depth: usize) -> Result<(), VoucherRefusal> {
    if depth > DEPTH_MAX {
        return Err(VoucherRefusal::Broken);
    }
    match object {
        Object::Array(all) => all.iter_mut().try_for_each(|one| strip(one, depth + 1)),
        Object::Dictionary(dictionary) if is_dangerous(dictionary) => {
            *object = Object::Null;
            Ok(())
        }
        Object::Dictionary(dictionary) => strip_named(dictionary, depth),
        Object::Stream(stream) => strip_stream(stream, depth),
        _ => Ok(()),
    }
}

fn strip_named(dictionary: &mut Dictionary, depth: usize) -> Result<(), VoucherRefusal> {
    for name in NOWHERE {
        dictionary.remove(name);
    }
    dictionary
        .iter_mut()
        .try_for_each(|(_, value)| strip(value, depth + 1))
}

fn strip_stream(stream: &mut Stream, depth: usize) -> Result<(), VoucherRefusal> {
    for name in OF_NO_STREAM {
        stream.dict.remove(name);
    }
    strip_named(&mut stream.dict, depth)?;
    if is_dangerous(&stream.dict) || stream.dict.get(b"Type").is_ok_and(|kind| is(kind, b"Metadata")) {
        *stream = Stream::new(Dictionary::new(), Vec::new());
        return Ok(());
    }
    embedded::clean(stream)
}

/// Actions, scripts and files: nothing that is drawn is one.
fn is_dangerous(dictionary: &Dictionary) -> bool {
    let kind = |names: &[&[u8]]| {
        let found = dictionary.get(b"Type");
        found.is_ok_and(|kind| names.iter().any(|name| is(kind, name)))
    };
    let acts = |name: &[u8]| dictionary.get(b"S").is_ok_and(|action| is(action, name));
    kind(&[b"Action", b"Filespec", b"EmbeddedFile"])
        || dictionary.has(b"JS")
        || dictionary.has(b"EF")
        || [
            &b"JavaScript"[..],
            b"Launch",
            b"URI",
            b"SubmitForm",
            b"ImportData",
            b"GoToR",
        ]
        .into_iter()
        .any(acts)
}

fn is(object: &Object, name: &[u8]) -> bool {
    object.as_name().is_ok_and(|found| found == name)
}

#[cfg(test)]
mod tests;
