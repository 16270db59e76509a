//! DKIM, judged by a program that shares no code with Felag.

use std::path::Path;

use felag_tests::World;
use felag_tests::python::{folder, script};

use super::server::MailServer;
use super::{deliver, write};

const NAME: &str = "autumn._domainkey.felag.example";

fn make_key(folder: &Path, bits: &str) {
    assert!(
        script("mail/dkim_check.py")
            .arg("key")
            .arg(folder)
            .arg(bits)
            .status()
            .unwrap()
            .success()
    );
}

fn is_valid(keys: &Path, mail: &Path) -> bool {
    let mut check = script("mail/dkim_check.py");
    check
        .arg("verify")
        .arg(keys.join("record.txt"))
        .arg(mail)
        .arg(NAME)
        .status()
        .unwrap()
        .success()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_independent_verifier_believes_our_signature_and_no_changed_mail() {
    let keys = folder("dkim");
    for (file, bits) in [("pkcs8.pem", "2048"), ("pkcs1.pem", "3072")] {
        make_key(&keys, bits);
        let server = MailServer::start(&format!("dkim-{bits}"), "plain");
        let key = keys.join(file).display().to_string();
        let world = World::with(&[
            ("FELAG_SMTP", &server.url("smtp")),
            ("FELAG_MAIL_FROM", "Félag <news@felag.example>"),
            ("FELAG_DKIM_DOMAIN", "felag.example"),
            ("FELAG_DKIM_SELECTOR", "autumn"),
            ("FELAG_DKIM_KEY", &key),
        ])
        .await;
        write(&world, "ada@felag.example", "a receipt", None).await;
        write(&world, "ada@felag.example", &"þæö ".repeat(60), Some("updates:x")).await;
        deliver(&world).await;
        let taken = server.taken();
        assert_eq!(taken.len(), 2);
        for mail in taken {
            assert!(is_valid(&keys, &mail.path), "{}", mail.text);
            let signature = mail.header("DKIM-Signature").unwrap();
            assert!(
                signature.contains("c=relaxed/relaxed") && !signature.contains("content-type"),
                "{signature}"
            );
            let is_listed = signature.contains("list-unsubscribe:list-unsubscribe-post");
            assert_eq!(is_listed, mail.header("List-Unsubscribe").is_some());
            let changes = [
                ("Subject: ", "Subject: Re: "),
                ("Words.", "Swords."),
                ("To: ada@", "To: eve@"),
            ];
            for (was, is) in changes {
                std::fs::write(&mail.path, mail.text.replacen(was, is, 1)).unwrap();
                assert!(!is_valid(&keys, &mail.path), "{was} was changed");
            }
            // What relays do: other line breaks in headers, blanks at the end of lines.
            let relayed = mail
                .text
                .replacen("Subject: ", "Subject:  \r\n  ", 1)
                .replacen("Words.", "Words. ", 1);
            std::fs::write(&mail.path, relayed).unwrap();
            assert!(is_valid(&keys, &mail.path), "a relay broke it");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_cannot_be_read_is_named_at_the_start() {
    use felag::config::Config;
    use felag::mail::tokens::Tokens;
    use felag::mail::transport::Mailer;
    let keys = folder("dkim-refused");
    std::fs::write(keys.join("bad.pem"), "no key").unwrap();
    for key in ["bad.pem", "missing.pem"] {
        let key = keys.join(key).display().to_string();
        let config = Config::read(|name| match name {
            "FELAG_DKIM_DOMAIN" => Some("felag.example".into()),
            "FELAG_DKIM_SELECTOR" => Some("autumn".into()),
            "FELAG_DKIM_KEY" => Some(key.clone()),
            _ => None,
        })
        .unwrap();
        let refused = Mailer::new(&config, Tokens::from_secret(b"x"), felag::wiring::words())
            .err()
            .unwrap();
        assert!(format!("{refused:#}").contains("FELAG_DKIM_KEY"), "{refused:#}");
    }
}
