//! Signs mail so that its receiver can tell it was not forged on the way: DKIM, relaxed/relaxed, rsa-sha256.
//!
//! Source: RFC 6376; RFC 8301 for the length of the key; RFC 8058 for the two headers of unsubscribing.
//! Why here and not by a crate: infra/docs/adr/0006-dkim.md.

use anyhow::{Context, bail};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use sha2::{Digest, Sha256};

use crate::config::DkimSetting;

/// What is signed, where it is there. Never Content-Type: relays change its folding.
const SIGNED: [&str; 8] = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "list-unsubscribe",
    "list-unsubscribe-post",
];
/// RFC 8301: a shorter key counts as no signature.
const KEY_BITS_MIN: usize = 1024;

/// A key, and where its other half is published.
pub struct Signer {
    domain: String,
    selector: String,
    key: KeyPair,
}

impl Signer {
    /// # Errors
    /// Names the setting when the key cannot be read or is no RSA key, or a name is none of DNS.
    pub fn open(setting: &DkimSetting) -> anyhow::Result<Self> {
        let is_name = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        if !is_name(&setting.domain) || !is_name(&setting.selector) {
            bail!("FELAG_DKIM_DOMAIN and FELAG_DKIM_SELECTOR must be names of DNS");
        }
        let key = private_key(setting).context("FELAG_DKIM_KEY must be a PEM file with an RSA key")?;
        Ok(Self {
            domain: setting.domain.clone(),
            selector: setting.selector.clone(),
            key,
        })
    }

    /// The mail with its signature on top. `at` is seconds since 1970.
    ///
    /// # Errors
    /// When it is not a mail: headers, an empty line, a body.
    pub fn sign(&self, mail: &[u8], at: i64) -> anyhow::Result<Vec<u8>> {
        let (head, body) = split(mail)?;
        let fields = fields(head)?;
        let chosen: Vec<(&str, &str)> = SIGNED
            .iter()
            .filter_map(|name| {
                fields
                    .iter()
                    .rev()
                    .find(|(found, _)| found.eq_ignore_ascii_case(name))
                    .copied()
            })
            .collect();
        let names: Vec<String> = chosen.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        let body_hash = STANDARD.encode(Sha256::digest(relaxed_body(body)));
        let unsigned = format!(
            " v=1; a=rsa-sha256; c=relaxed/relaxed; d={};\r\n s={}; t={at};\r\n h={};\r\n \
             bh={body_hash};\r\n b=",
            self.domain,
            self.selector,
            names.join(":"),
        );
        let mut hashed: String = chosen
            .iter()
            .map(|(name, value)| relaxed_field(name, value) + "\r\n")
            .collect();
        hashed.push_str(&relaxed_field("DKIM-Signature", &unsigned));
        let signature = STANDARD.encode(self.signature(hashed.as_bytes())?);
        let mut signed = format!("DKIM-Signature:{unsigned}{}\r\n", folded(&signature)).into_bytes();
        signed.extend_from_slice(mail);
        Ok(signed)
    }

    fn signature(&self, message: &[u8]) -> anyhow::Result<Vec<u8>> {
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| anyhow::anyhow!("the mail could not be signed"))?;
        Ok(signature)
    }
}

fn private_key(setting: &DkimSetting) -> anyhow::Result<KeyPair> {
    let key = match PrivateKeyDer::from_pem_file(&setting.key_file)? {
        PrivateKeyDer::Pkcs1(der) => KeyPair::from_der(der.secret_pkcs1_der()),
        PrivateKeyDer::Pkcs8(der) => KeyPair::from_pkcs8(der.secret_pkcs8_der()),
        _ => bail!("it is another kind of key"),
    };
    let key = key.map_err(|cause| anyhow::anyhow!("the key is refused: {cause}"))?;
    if key.public_modulus_len() * 8 < KEY_BITS_MIN {
        bail!("the key has fewer than {KEY_BITS_MIN} bits");
    }
    Ok(key)
}

fn split(mail: &[u8]) -> anyhow::Result<(&str, &[u8])> {
    let end = mail
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .context("the mail has no end of its headers")?;
    Ok((std::str::from_utf8(&mail[..end + 2])?, &mail[end + 4..]))
}

/// Name and value of each header; the value still folded.
fn fields(head: &str) -> anyhow::Result<Vec<(&str, &str)>> {
    let mut fields = Vec::new();
    let mut rest = head;
    while !rest.is_empty() {
        let mut end = rest.find("\r\n").context("a header has no end")?;
        while rest[end + 2..].starts_with([' ', '\t']) {
            end += 2 + rest[end + 2..].find("\r\n").context("a header has no end")?;
        }
        fields.push(rest[..end].split_once(':').context("a header has no name")?);
        rest = &rest[end + 2..];
    }
    Ok(fields)
}

/// RFC 6376, 3.4.2, without the line break at the end.
fn relaxed_field(name: &str, value: &str) -> String {
    let words: Vec<&str> = value
        .split([' ', '\t', '\r', '\n'])
        .filter(|word| !word.is_empty())
        .collect();
    format!("{}:{}", name.trim_end().to_ascii_lowercase(), words.join(" "))
}

/// RFC 6376, 3.4.4.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut relaxed = Vec::with_capacity(body.len());
    let mut empty_lines = 0;
    for line in body.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let end = line
            .iter()
            .rposition(|byte| !is_blank(*byte))
            .map_or(0, |last| last + 1);
        if end == 0 {
            empty_lines += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut empty_lines) {
            relaxed.extend_from_slice(b"\r\n");
        }
        let mut after_blank = false;
        for byte in &line[..end] {
            match (is_blank(*byte), after_blank) {
                (true, true) => {}
                (true, false) => relaxed.push(b' '),
                (false, _) => relaxed.push(*byte),
            }
            after_blank = is_blank(*byte);
        }
        relaxed.extend_from_slice(b"\r\n");
    }
    relaxed
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// In lines of 70 characters; blanks inside `b=` do not count.
fn folded(base64: &str) -> String {
    let mut folded = String::with_capacity(base64.len() + base64.len() / 20);
    for (at, letter) in base64.chars().enumerate() {
        if at > 0 && at % 70 == 0 {
            folded.push_str("\r\n ");
        }
        folded.push(letter);
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 6376, 3.4.5.
    #[test]
    fn blanks_that_a_relay_may_change_do_not_count() {
        let mail = b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n";
        let (head, body) = split(mail).unwrap();
        let relaxed: Vec<String> = fields(head)
            .unwrap()
            .into_iter()
            .map(|(name, value)| relaxed_field(name, value))
            .collect();
        assert_eq!(relaxed, ["a:X", "b:Y Z"]);
        assert_eq!(relaxed_body(body), b" C\r\nD E\r\n");
    }

    #[test]
    fn an_empty_body_stays_empty_and_a_last_line_gets_its_end() {
        assert_eq!(relaxed_body(b""), b"");
        assert_eq!(relaxed_body(b"\r\n\r\n"), b"");
        assert_eq!(relaxed_body(b"a\r\n\r\n\r\nb"), b"a\r\n\r\n\r\nb\r\n");
    }

    #[test]
    fn something_that_is_no_mail_is_not_signed() {
        assert!(split(b"Subject: x\r\n").is_err());
        assert!(fields("no colon\r\n").is_err());
    }
}
