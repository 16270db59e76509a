//! The style sheet, fonts and drawings, embedded in the binary and served under hashed names.
//!
//! A name holds the hash of what it names, so a browser may keep the answer for good.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

/// One file as it is served.
#[derive(Debug)]
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    pub content_type: &'static str,
    /// A strong validator, with its quotes.
    pub etag: String,
}

struct Catalogue {
    /// By the path below `/assets/`, hashed.
    served: HashMap<String, Asset>,
    /// From the file's own name to its whole address.
    addresses: HashMap<String, String>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::build);

/// The file at an address that [`url`] gave, with or without the leading `/assets/`.
pub fn find(address: &str) -> Option<&'static Asset> {
    CATALOGUE
        .served
        .get(address.strip_prefix("/assets/").unwrap_or(address))
}

/// The address of a file of `assets/`: `url("felag.css")` is `/assets/felag.<hash>.css`.
/// An unknown name gives an address that answers 404; a test makes sure that no template has one.
pub fn url(name: &'static str) -> &'static str {
    match CATALOGUE.addresses.get(name) {
        Some(address) => address,
        None => {
            debug_assert!(false, "no asset {name}");
            name
        }
    }
}

impl Catalogue {
    /// Fonts and drawings first: the style sheet names them, so its own hash follows from theirs.
    fn build() -> Catalogue {
        let mut catalogue = Catalogue {
            served: HashMap::new(),
            addresses: HashMap::new(),
        };
        let (sheets, plain): (Vec<_>, Vec<_>) = Files::iter().partition(|path| path.ends_with(".css"));
        for path in plain {
            if let Some(file) = Files::get(&path) {
                catalogue.add(&path, file.data);
            }
        }
        for path in sheets {
            if let Some(file) = Files::get(&path) {
                let sheet = catalogue.with_hashed_urls(&String::from_utf8_lossy(&file.data));
                catalogue.add(&path, Cow::Owned(sheet.into_bytes()));
            }
        }
        catalogue
    }

    fn with_hashed_urls(&self, sheet: &str) -> String {
        self.addresses
            .iter()
            .fold(sheet.to_owned(), |sheet, (name, address)| {
                sheet.replace(&format!("url({name})"), &format!("url({address})"))
            })
    }

    fn add(&mut self, path: &str, bytes: Cow<'static, [u8]>) {
        let hash = hex::encode(Sha256::digest(&bytes).get(..8).unwrap_or_default());
        let (stem, extension) = path.rsplit_once('.').unwrap_or((path, ""));
        let served = format!("{stem}.{hash}.{extension}");
        self.addresses
            .insert(path.to_owned(), format!("/assets/{served}"));
        let asset = Asset {
            bytes,
            content_type: content_type(extension),
            etag: format!("\"{hash}\""),
        };
        self.served.insert(served, asset);
    }
}

fn content_type(extension: &str) -> &'static str {
    match extension {
        "css" => "text/css; charset=utf-8",
        "woff2" => "font/woff2",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_the_hash_and_finds_the_file() {
        let address = url("felag.css");
        let path = address.strip_prefix("/assets/").unwrap();
        assert!(
            path.starts_with("felag.") && path.ends_with(".css") && path.len() > 20,
            "{path}"
        );
        let asset = find(path).unwrap();
        assert_eq!(asset.content_type, "text/css; charset=utf-8");
        assert!(asset.etag.starts_with('"'));
        assert!(find("felag.css").is_none());
    }

    #[test]
    fn the_style_sheet_names_only_files_that_are_served_here() {
        let path = url("felag.css").strip_prefix("/assets/").unwrap();
        let sheet = String::from_utf8(find(path).unwrap().bytes.to_vec()).unwrap();
        let named: Vec<_> = sheet
            .split("url(")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .collect();
        assert!(named.len() >= 2);
        for address in named {
            assert!(
                find(address.strip_prefix("/assets/").unwrap()).is_some(),
                "{address}"
            );
        }
    }

    #[test]
    fn every_asset_a_template_names_exists() {
        for (file, text) in crate::sources::templates() {
            for rest in text.split("asset(\"").skip(1) {
                let name = rest.split('"').next().unwrap();
                assert!(CATALOGUE.addresses.contains_key(name), "{file} names {name}");
            }
        }
    }
}
