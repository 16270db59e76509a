//! A real mail server beside a test: aiosmtpd, see `tests/mail/smtp_server.py`.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use felag_tests::python::{folder, script};
use serde_json::Value;

pub const USER: &str = "felag";
/// Needs escaping in an address.
pub const PASSWORD: &str = "p@ss/word:1";

/// Ends with the test.
pub struct MailServer {
    child: Child,
    said: Receiver<Value>,
    pub folder: PathBuf,
    pub port: u16,
}

/// A mail the server took.
#[derive(Debug)]
pub struct Taken {
    pub path: PathBuf,
    pub text: String,
    pub to: Vec<String>,
    pub is_encrypted: bool,
    pub user: Option<String>,
}

impl MailServer {
    /// `mode` is `plain`, `starttls` or `implicit`; the latter two want [`USER`] and [`PASSWORD`].
    pub fn start(name: &str, mode: &str) -> MailServer {
        let folder = folder(name);
        let mut command = script("mail/smtp_server.py");
        command
            .arg(mode)
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(folder.join("server.log")).unwrap());
        if mode != "plain" {
            command.arg(format!("{USER}:{PASSWORD}"));
        }
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (say, said) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                say.send(serde_json::from_str(&line).unwrap_or(Value::String(line)))
                    .ok();
            }
        });
        let mut server = MailServer {
            child,
            said,
            folder,
            port: 0,
        };
        let first = server.next().expect("the mail server says where it listens");
        server.port = u16::try_from(first["port"].as_u64().unwrap()).unwrap();
        server
    }

    /// The setting for it: `smtps` with the right user and password.
    pub fn url(&self, scheme: &str) -> String {
        let password = "p%40ss%2Fword%3A1";
        match scheme {
            "smtp" => format!("smtp://127.0.0.1:{}", self.port),
            _ => format!("{scheme}://{USER}:{password}@localhost:{}", self.port),
        }
    }

    /// The file of the authority that signed its certificate.
    pub fn ca(&self) -> String {
        self.folder.join("ca.pem").display().to_string()
    }

    /// The file of another authority.
    pub fn other_ca(&self) -> String {
        self.folder.join("other-ca.pem").display().to_string()
    }

    fn next(&self) -> Option<Value> {
        self.said.recv_timeout(Duration::from_secs(20)).ok()
    }

    /// Every mail taken since the last call. What was sent before is among them: the server says so before it
    /// answers.
    pub fn taken(&self) -> Vec<Taken> {
        // The line travels through a pipe of its own, so it may come a little after the answer.
        let mut said = Vec::new();
        while let Ok(line) = self.said.recv_timeout(Duration::from_millis(300)) {
            said.push(line);
        }
        said.iter().filter_map(taken).collect()
    }
}

fn taken(said: &Value) -> Option<Taken> {
    let path = PathBuf::from(said["taken"].as_str()?);
    let to = said["to"]
        .as_array()?
        .iter()
        .filter_map(|to| Some(to.as_str()?.to_string()));
    Some(Taken {
        text: std::fs::read_to_string(&path).unwrap(),
        path,
        to: to.collect(),
        is_encrypted: said["tls"] == true,
        user: said["user"].as_str().map(ToString::to_string),
    })
}

impl Taken {
    /// A header, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self
            .text
            .split("\r\n\r\n")
            .next()?
            .replace("\r\n ", " ")
            .replace("\r\n\t", " ");
        head.split("\r\n")
            .find_map(|line| line.strip_prefix(&format!("{name}: ")).map(ToString::to_string))
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
