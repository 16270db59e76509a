//! Whoever holds a connection does not ask for another: when a whole pool does so at once, all of them wait in vain.

use crate::tree::rust;

/// What the pool is called where it is asked.
const POOL: [&str; 2] = ["ctx.db", "&db"];
const TAKEN: [&str; 4] = [
    "let mut tx = ctx.db.begin()",
    "let mut tx = self.ctx.db.begin()",
    "let mut conn = ctx.db.acquire()",
    "let mut conn = db.acquire()",
];
const GIVEN_BACK: [&str; 4] = ["tx.commit()", "tx.rollback()", "drop(tx)", "drop(conn)"];

#[test]
fn nobody_takes_a_second_connection_while_holding_one() {
    let mut found = Vec::new();
    for file in rust()
        .into_iter()
        .filter(|file| file.path.starts_with("backend/src/"))
    {
        let lines: Vec<&str> = file.text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let code = line.trim_start();
            if !TAKEN.iter().any(|taken| code.starts_with(taken)) {
                continue;
            }
            // Held until it is given back, or until the block ends.
            let indent = line.len() - code.len();
            let held = lines.iter().enumerate().skip(at + 1).take_while(|(_, line)| {
                let code = line.trim_start();
                let in_block = code.is_empty() || line.len() - code.len() >= indent;
                in_block && !GIVEN_BACK.iter().any(|end| code.contains(end))
            });
            let second = held.filter(|(_, line)| POOL.iter().any(|pool| line.contains(pool)));
            found.extend(second.map(|(at, line)| format!("{}:{}: {}", file.path, at + 1, line.trim())));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
