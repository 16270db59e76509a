//! The books of simulated worlds, read by programs of others.

use std::sync::atomic::{AtomicU64, Ordering};

use felag_tests::accounting::Exported;
use felag_tests::sim::Sim;
use felag_tests::sim::run::play_then;

/// How many worlds, unless `FELAG_SIM_WORLDS` says more: `make sim` looks at twenty.
const WORLDS: u64 = 3;
/// How many there were whose books say something.
static READ: AtomicU64 = AtomicU64::new(0);

#[expect(
    clippy::disallowed_methods,
    reason = "how many worlds to look at is no setting of the server"
)]
fn worlds() -> u64 {
    let asked = std::env::var("FELAG_SIM_WORLDS").ok();
    asked.map_or(WORLDS, |number| number.parse().unwrap())
}

/// Both programs accept the books as they are and refuse them with one cent changed.
async fn look(sim: &Sim) -> anyhow::Result<()> {
    let moved = "select count(*) from entry where kind = 'charge'";
    if sim.world.count(moved).await > 0 {
        let name = format!("books-of-seed-{}", sim.seed);
        let books = Exported::all(&sim.world.ctx, &name).await;
        books.is_accepted(&sim.world.owner).await;
        READ.fetch_add(1, Ordering::AcqRel);
    }
    Ok(())
}

#[test]
fn beancount_and_hledger_accept_the_books_of_simulated_worlds() {
    let wanted = worlds();
    // A world in which nobody was charged has books that say nothing.
    for seed in (1_000..).take(usize::try_from(wanted).unwrap() * 4) {
        let played = play_then(seed, |sim| Box::pin(look(sim)));
        assert!(played.wrong.is_empty(), "{}", played.story());
        if READ.load(Ordering::Acquire) == wanted {
            break;
        }
    }
    assert_eq!(
        READ.load(Ordering::Acquire),
        wanted,
        "worlds whose books were read"
    );
}
