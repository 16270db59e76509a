//! Programs of others that read our exports: beancount and hledger. What they think is compared with the tables.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use felag::books::export::{self, Format, Which};
use felag::ctx::Ctx;
use felag_domain::money::{Currency, Money};
use sqlx::PgPool;

use crate::python::{folder, python, root};

/// What was debited on accounts less what was credited, by account and currency. Accounts are written small, and those
/// with nothing on them are left out.
pub type Sums = BTreeMap<(String, String), String>;

/// One set of books in the formats of both programs.
pub struct Exported {
    pub folder: PathBuf,
    pub beancount: String,
    pub hledger: String,
}

/// A file of books as text.
///
/// # Panics
/// When it cannot be written.
pub async fn export(ctx: &Ctx, which: Which, format: Format) -> String {
    let mut bytes = Vec::new();
    let written = export::write(ctx, which, format, &mut bytes).await;
    written.unwrap_or_else(|cause| panic!("no export: {cause:#}"));
    String::from_utf8(bytes).unwrap_or_else(|cause| panic!("{cause}"))
}

impl Exported {
    /// Every book, for a test with this name.
    pub async fn all(ctx: &Ctx, name: &str) -> Self {
        Self {
            folder: folder(name),
            beancount: export(ctx, Which::All, Format::Beancount).await,
            hledger: export(ctx, Which::All, Format::Hledger).await,
        }
    }

    /// Both programs accept the books, and sum them up to what the tables say, account by account; copies with one
    /// cent changed they refuse.
    ///
    /// # Panics
    /// When it is otherwise.
    pub async fn is_accepted(&self, db: &PgPool) {
        self.bean_check(&self.beancount)
            .unwrap_or_else(|words| panic!("bean-check refuses the books: {words}"));
        self.hledger_check(&self.hledger)
            .unwrap_or_else(|words| panic!("hledger refuses the books: {words}"));
        let tables = sums_of_tables(db).await;
        assert!(!tables.is_empty(), "the books are empty");
        assert_eq!(self.bean_sums(), tables, "bean-query, and the tables");
        assert_eq!(self.hledger_sums(), tables, "hledger bal, and the tables");
        for (words, change) in CHANGES {
            let (beancount, hledger) = (change(&self.beancount), change(&self.hledger));
            assert!(beancount != self.beancount && hledger != self.hledger, "{words}");
            assert!(self.bean_check(&beancount).is_err(), "bean-check accepts {words}");
            assert!(self.hledger_check(&hledger).is_err(), "hledger accepts {words}");
        }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let file = self.folder.join(name);
        std::fs::write(&file, text).unwrap_or_else(|cause| panic!("{}: {cause}", file.display()));
        file
    }

    /// What bean-check says against a text.
    ///
    /// # Errors
    /// Its words.
    pub fn bean_check(&self, text: &str) -> Result<(), String> {
        let file = self.file("books.beancount", text);
        verdict(Command::new(bean("bean-check")).arg(file).output())
    }

    /// What hledger says against a text.
    ///
    /// # Errors
    /// Its words.
    pub fn hledger_check(&self, text: &str) -> Result<(), String> {
        let file = self.file("books.journal", text);
        verdict(
            Command::new(hledger())
                .arg("-f")
                .arg(file)
                .args(["check", "--strict"])
                .output(),
        )
    }

    fn bean_sums(&self) -> Sums {
        let query = "select account, currency, sum(number) as total group by account, currency";
        let mut command = Command::new(bean("bean-query"));
        command
            .args(["-f", "csv"])
            .arg(self.file("books.beancount", &self.beancount))
            .arg(query);
        rows(command.output()).collect()
    }

    fn hledger_sums(&self) -> Sums {
        let mut command = Command::new(hledger());
        command
            .arg("-f")
            .arg(self.file("books.journal", &self.hledger))
            .args(["bal", "-N", "-E", "--flat", "--layout", "bare", "-O", "csv"]);
        rows(command.output()).collect()
    }
}

impl Drop for Exported {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

type Change = fn(&str) -> String;

/// How a cent goes astray: on one side of a movement, so that its transaction does not balance; or on both, so that it
/// does, and only what stands on the accounts is wrong.
const CHANGES: [(&str, Change); 2] = [
    ("one cent on one side", |text| with_a_cent_more(text, 1)),
    ("one cent on both sides", |text| with_a_cent_more(text, 2)),
];

/// A copy with the last digit of the amounts of the first `lines` postings changed.
fn with_a_cent_more(text: &str, lines: usize) -> String {
    let mut left = lines;
    let change = |line: &str| -> String {
        let is_posting = line.starts_with("  ")
            && line
                .trim_start()
                .starts_with(['A', 'L', 'E', 'I', 'a', 'l', 'e', 'i']);
        let words: Vec<&str> = line.split_whitespace().collect();
        let [account, amount, currency] = words[..] else {
            return line.to_string();
        };
        if left == 0 || !is_posting || !account.contains(':') || account.ends_with(':') {
            return line.to_string();
        }
        left -= 1;
        let (start, digit) = amount.split_at(amount.len() - 1);
        let digit = if digit == "9" {
            8
        } else {
            digit.parse::<u8>().unwrap_or(0) + 1
        };
        format!("  {account}  {start}{digit} {currency}")
    };
    text.lines().map(change).collect::<Vec<_>>().join("\n") + "\n"
}

fn bean(program: &str) -> PathBuf {
    python().with_file_name(program)
}

/// hledger. The first one who asks for it waits until it is there.
fn hledger() -> &'static Path {
    static HLEDGER: OnceLock<PathBuf> = OnceLock::new();
    HLEDGER.get_or_init(|| {
        let got = Command::new(root().join("infra/get-hledger")).output();
        let got = got.unwrap_or_else(|cause| panic!("infra/get-hledger does not run: {cause}"));
        assert!(got.status.success(), "{}", String::from_utf8_lossy(&got.stderr));
        PathBuf::from(String::from_utf8_lossy(&got.stdout).trim())
    })
}

fn verdict(said: std::io::Result<Output>) -> Result<(), String> {
    let said = said.unwrap_or_else(|cause| panic!("the program does not run: {cause}"));
    let words = [said.stdout, said.stderr].concat();
    let words = String::from_utf8_lossy(&words).into_owned();
    // bean-check may name a problem and end well, in some versions.
    if said.status.success() && words.trim().is_empty() {
        Ok(())
    } else {
        Err(words)
    }
}

/// Rows of account, currency and sum, below one row of titles.
fn rows(said: std::io::Result<Output>) -> impl Iterator<Item = ((String, String), String)> {
    let said = said.unwrap_or_else(|cause| panic!("the program does not run: {cause}"));
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let rows: Vec<_> = text
        .lines()
        .skip(1)
        .filter_map(|line| {
            let cells: Vec<&str> = line
                .split(',')
                .map(|cell| cell.trim().trim_matches('"'))
                .collect();
            let [account, currency, sum] = cells[..] else {
                panic!("{line} is not a row of account, currency and sum")
            };
            let is_nothing = sum.bytes().all(|sign| !sign.is_ascii_digit() || sign == b'0');
            (!is_nothing).then(|| ((account.to_lowercase(), currency.to_string()), sum.to_string()))
        })
        .collect();
    rows.into_iter()
}

/// The same from the table of movements, by a query of its own.
async fn sums_of_tables(db: &PgPool) -> Sums {
    let sql = "select book.kind, coalesce(campaign.slug, project.slug), side.account, side.currency, sum(side.minor)::bigint
               from (select book_id, debit as account, currency, amount_minor as minor from movement
                     union all select book_id, credit, currency, -amount_minor from movement) as side
               join book using (book_id) left join campaign on campaign.campaign_id = book_id
               left join project on project.project_id = book_id
               group by 1, 2, 3, 4 having sum(side.minor) <> 0";
    let rows: Vec<(String, Option<String>, String, String, i64)> = sqlx::query_as(sql)
        .fetch_all(db)
        .await
        .unwrap_or_else(|cause| panic!("{cause}"));
    let sum = |(kind, slug, account, currency, minor): (String, Option<String>, String, String, i64)| {
        let book = slug.map_or(kind.clone(), |slug| format!("{kind}:{slug}"));
        let name = format!("{}:{book}:{}", root_of(&account), account.replace(':', "-"));
        let code: Currency = currency.parse().unwrap_or_else(|cause| panic!("{cause}"));
        let text = Money::from_minor(minor, code).to_string();
        (
            (name, currency),
            text.split(' ').next().unwrap_or_default().to_string(),
        )
    };
    rows.into_iter().map(sum).collect()
}

/// Where an account stands in books that know five roots, written down once more.
fn root_of(account: &str) -> &'static str {
    match account {
        "provider" | "receivable" => "assets",
        "held" | "held:loan" | "payable" | "tax" | "pending" => "liabilities",
        lender if lender.starts_with("lender:") => "liabilities",
        "platform:tips" | "platform:fees" => "income",
        "platform:provider-costs" | "platform:losses" => "expenses",
        "promise" | "promised" | "between" | "debt" | "written-off" | "spent" | "vouched" => "equity",
        claim if claim.starts_with("claim:") => "equity",
        clearing if clearing.starts_with("in-transit") => "equity",
        other => panic!("say where {other} stands"),
    }
}
