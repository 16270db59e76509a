//! What people do on the provider's own pages: they type a card, and their bank may ask them; some leave, some refuse,
//! some never come back to us.

use crate::Reply;
use crate::sim::dice::Dice;
use crate::sim::visitor::Visitor;

/// How somebody behaves there.
pub struct Mood {
    card: &'static str,
    stays: bool,
    approves: bool,
    comes_back: bool,
}

impl Mood {
    /// With one of these cards, by their weights.
    pub fn draw(dice: &mut Dice, cards: &[(&'static str, u32)]) -> Self {
        Self {
            card: *dice.weighted(cards),
            stays: dice.percent(92),
            approves: dice.percent(85),
            comes_back: dice.percent(70),
        }
    }
}

/// Types the card on the page at `url` and goes on from there. What came of it, in words.
pub async fn pay(visitor: &Visitor, url: &str, mood: &Mood) -> String {
    let typed = [
        ("number", mood.card),
        ("expiry", "12 / 34"),
        ("cvc", "123"),
        ("name", "Gus Guest"),
    ];
    let Some(page) = visitor.get(url).await else {
        return "the page does not open".into();
    };
    match visitor.submit(&page, "/pay/", &typed).await {
        Some(reply) => format!("{}: {}", mood.card, onward(visitor, reply, mood).await),
        None => format!("{}: the page says {}", mood.card, page.status),
    }
}

/// Goes where an answer leads: to the bank, and back to us.
pub async fn onward(visitor: &Visitor, reply: Reply, mood: &Mood) -> String {
    let Some(mut next) = visitor.onward(&reply) else {
        return format!("the page says {}", reply.status);
    };
    if !visitor.is_ours(&next) {
        if !mood.stays {
            return "leaves the bank's page".into();
        }
        let answer = if mood.approves { "approve" } else { "refuse" };
        let Some(page) = visitor.get(&next).await else {
            return "the bank does not answer".into();
        };
        let Some(reply) = visitor.submit(&page, "/bank/", &[("answer", answer)]).await else {
            return "the bank does not answer".into();
        };
        match visitor.onward(&reply) {
            Some(back) => next = back,
            None => return format!("the bank's page says {}", reply.status),
        }
    }
    if !mood.comes_back || !visitor.is_ours(&next) {
        return "does not come back".into();
    }
    match visitor.get(&next).await {
        Some(reply) => format!("comes back: {}", reply.status),
        None => "comes back and hears nothing".into(),
    }
}
