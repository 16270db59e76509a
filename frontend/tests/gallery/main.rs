//! Every page with made-up data: rendered, checked, and written to a folder so that it can be looked
//! at: `target/tmp/gallery/*.html`, with the assets beside it. Serve that folder with any web server.

mod accounts;
mod books;
mod campaigns;
mod expenses;
mod factor;
mod giving;
mod loans;
mod mails;
mod members;
mod owner;
mod payouts;
mod people;
mod quotes;
mod reconciliation;
mod rules;
mod support;
mod updates;
mod writing;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use felag_frontend::{Template, assets};

/// A page by the name of its file.
pub struct Shown {
    pub name: &'static str,
    pub html: String,
}

/// Renders a page under a name. A page that cannot be rendered shows nothing, and breaks every rule.
pub fn shown(name: &'static str, page: impl Template) -> Shown {
    Shown {
        name,
        html: page.render().unwrap_or_default(),
    }
}

/// Every page there is.
pub fn all() -> Vec<Shown> {
    let mut all = people::pages();
    all.extend(campaigns::pages());
    all.extend(books::pages());
    all.extend(giving::pages());
    all.extend(writing::pages());
    all.extend(updates::pages());
    all.extend(support::pages());
    all.extend(accounts::pages());
    all.extend(owner::pages());
    all.extend(factor::pages());
    all.extend(members::pages());
    all.extend(payouts::pages());
    all.extend(expenses::pages());
    all.extend(quotes::pages());
    all.extend(loans::pages());
    all.extend(reconciliation::pages());
    all
}

#[test]
fn every_page_can_be_looked_at() -> io::Result<()> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("gallery");
    for Shown { name, html } in all() {
        write(&folder.join(format!("{name}.html")), html.as_bytes())?;
        for address in html.split('"').filter(|text| text.starts_with("/assets/")) {
            write_asset(&folder, address)?;
        }
    }
    for (name, mail) in mails::mails() {
        write(&folder.join(format!("{name}.html")), mail.html.as_bytes())?;
    }
    // Named by the style sheet only.
    write_asset(
        &folder,
        assets::url("fonts/familjen-grotesk-latin-ext-wght-normal.woff2"),
    )
}

fn write_asset(folder: &Path, address: &str) -> io::Result<()> {
    let asset = assets::find(address).ok_or_else(|| io::Error::other(format!("no {address}")))?;
    write(&folder.join(address.trim_start_matches('/')), &asset.bytes)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::write(path, bytes)
}
