//! Every page with made-up data: rendered, checked, and written to a folder so that it can be looked
//! at: `target/tmp/gallery/*.html`, with the assets beside it. Serve that folder with any web server.

mod accounts;
mod campaigns;
mod giving;
mod people;
mod rules;

use std::fs;
use std::path::{Path, PathBuf};

use felag_frontend::{Template, assets};

/// A page by the name of its file.
pub struct Shown {
    pub name: &'static str,
    pub html: String,
}

/// Renders a page under a name.
pub fn shown(name: &'static str, page: impl Template) -> Shown {
    Shown { name, html: page.render().unwrap() }
}

/// Every page there is.
pub fn all() -> Vec<Shown> {
    let mut all = people::pages();
    all.extend(campaigns::pages());
    all.extend(giving::pages());
    all.extend(accounts::pages());
    all
}

#[test]
fn every_page_can_be_looked_at() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("gallery");
    for Shown { name, html } in all() {
        write(&folder.join(format!("{name}.html")), html.as_bytes());
        for address in html.split('"').filter_map(|text| text.strip_prefix("/assets/")) {
            let asset = assets::find(address).unwrap_or_else(|| panic!("{name} names {address}"));
            write(&folder.join("assets").join(address), &asset.bytes);
        }
    }
    let extended = assets::url("fonts/familjen-grotesk-latin-ext-wght-normal.woff2");
    let path = extended.strip_prefix("/assets/").unwrap();
    write(&folder.join("assets").join(path), &assets::find(path).unwrap().bytes);
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}
