//! The table of routes, read.

use super::cast::{Role, Whose};

/// What somebody is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// To the page to sign in.
    SignIn,
    Status(u16),
}

impl Answer {
    /// Whether it says no, so that nothing may have changed.
    pub fn is_refusal(&self) -> bool {
        match self {
            Answer::SignIn => true,
            Answer::Status(status) => *status >= 400,
        }
    }
}

/// A route, what its placeholders stand for, and its answer to each role.
#[derive(Debug, Clone)]
pub struct Row {
    pub method: &'static str,
    pub path: &'static str,
    pub about: &'static str,
    pub answers: [Answer; Role::ALL.len()],
}

impl Row {
    /// What `role` is answered. To somebody else's project the members of one are strangers.
    pub fn answer(&self, role: Role, whose: Whose) -> Answer {
        let seen_as = match (whose, role) {
            (Whose::Others, Role::Treasurer | Role::Editor | Role::Owner) => Role::Stranger,
            _ => role,
        };
        self.answers[seen_as as usize]
    }

    /// Whether its answers are for whoever holds a link, or for the sandbox, whose mailbox shows every mail.
    pub fn tells_all(&self) -> bool {
        self.path.contains("{token}") || self.path.starts_with("/dev/mail")
    }

    /// Whose things it can be asked about.
    pub fn whose(&self) -> &'static [Whose] {
        if self.path.contains("{slug}") || self.path.contains("{token}") {
            &[Whose::Own, Whose::Others]
        } else {
            &[Whose::Own]
        }
    }
}

/// The rows of the table, in order.
pub fn rows() -> Vec<Row> {
    include_str!("routes.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(row)
        .collect()
}

fn row(line: &'static str) -> Row {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [method, path, about, answers @ ..] = &words[..] else {
        panic!("not a row: {line}");
    };
    let answers: Vec<Answer> = answers.iter().map(|word| answer(word, line)).collect();
    let answers = match answers[..] {
        [one] => [one; Role::ALL.len()],
        _ => answers
            .try_into()
            .unwrap_or_else(|_| panic!("one answer, or one for each role: {line}")),
    };
    Row {
        method,
        path,
        about,
        answers,
    }
}

fn answer(word: &str, line: &str) -> Answer {
    match word {
        "in" => Answer::SignIn,
        _ => Answer::Status(word.parse().unwrap_or_else(|_| panic!("{word} in: {line}"))),
    }
}
