//! What was typed on the way to a pledge, and what it means once every part was checked.

use felag_domain::amount;
use felag_domain::ids::RewardId;
use felag_domain::money::{Currency, Money};
use felag_domain::person::{DisplayName, EmailAddress};
use felag_domain::pledge::{NewPledge, PledgeRefusal, RewardTerms, Terms, Visibility};
use felag_domain::words::{FieldRefusal, Refusal, Refusals, Words};
use felag_frontend::Lang;
use felag_frontend::form::Hidden;
use felag_frontend::give::{TypedAmount, TypedDetails};
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::people::Visitor;
use crate::pledges::ask::{Ask, RewardRow};
use crate::pledges::give::Gift;
use crate::web::fields::Fields;

/// The fields of all steps, as they were typed.
#[derive(Debug, Clone)]
pub struct Typed(Fields);

impl Typed {
    pub fn new(ctx: &Ctx, mut fields: Fields) -> Self {
        if fields.parse::<Uuid>("request_key").is_none() {
            fields.set("request_key", ctx.id::<Uuid>().to_string());
        }
        if fields.get("visibility").is_empty() {
            fields.set("visibility", Visibility::Named.as_str());
        }
        Self(fields)
    }

    /// One's own amount replaces the picked one.
    pub fn amount(&self) -> &str {
        let own = self.0.get("own");
        if own.trim().is_empty() {
            self.0.get("amount")
        } else {
            own
        }
    }

    pub fn first_step(&self) -> TypedAmount<'_> {
        TypedAmount {
            amount: self.0.get("amount"),
            own: self.0.get("own"),
            reward: self.0.get("reward"),
        }
    }

    pub fn second_step<'a>(&'a self, visitor: &'a Visitor) -> TypedDetails<'a> {
        let name = self.0.get("name");
        let known = visitor.person.as_ref().map_or("", |person| person.name.as_str());
        let is_first = !self.0.has("name");
        TypedDetails {
            email: self.0.get("email"),
            name: if is_first { known } else { name },
            visibility: self.0.get("visibility"),
            tip: self.0.get("tip"),
        }
    }

    pub fn reward(&self) -> Option<RewardId> {
        self.0.parse("reward")
    }

    pub fn request_key(&self) -> Uuid {
        self.0.parse("request_key").unwrap_or_default()
    }

    /// What this step must carry along: everything the named fields do not ask themselves.
    pub fn carried(&self, asked_here: &[&str]) -> Hidden {
        const ALL: [&str; 7] = [
            "amount",
            "reward",
            "request_key",
            "email",
            "name",
            "visibility",
            "tip",
        ];
        let value = |name: &str| {
            if name == "amount" {
                self.amount()
            } else {
                self.0.get(name)
            }
            .to_string()
        };
        let carried = ALL
            .into_iter()
            .filter(|name| !asked_here.contains(name) && self.has(name));
        Hidden {
            pairs: carried.map(|name| (name, value(name))).collect(),
        }
    }

    fn has(&self, name: &str) -> bool {
        name == "amount" || self.0.has(name)
    }
}

/// Amount and reward, checked against the campaign; refused in words beside `own` or `reward`.
pub fn check_amount(
    ask: &Ask,
    rewards: &[RewardRow],
    typed: &Typed,
    is_open: bool,
) -> Result<(Money, Option<RewardId>), Vec<FieldRefusal>> {
    let mut refusals = Refusals::new();
    let money = refusals.keep("own", amount::parse(typed.amount(), ask.currency));
    let chosen = typed.reward();
    let reward = chosen.and_then(|id| rewards.iter().find(|reward| reward.id == id));
    let is_gone = reward.is_some_and(RewardRow::is_gone) || (chosen.is_some() && reward.is_none());
    if is_gone {
        refusals.note("reward", &RewardGone);
    }
    let Some(money) = money.filter(|_| !is_gone) else {
        return Err(refusals.into_vec());
    };
    let terms = Terms {
        currency: ask.currency,
        is_open,
    };
    let reward_terms = reward.map(|reward| RewardTerms {
        price: Money::from_minor(reward.price_minor, ask.currency),
        currency: ask.currency,
    });
    match NewPledge::decide(&terms, money, reward_terms.as_ref(), Money::zero(ask.currency)) {
        Ok(_) => Ok((money, chosen)),
        Err(refused) => Err(vec![at_field(&refused)]),
    }
}

/// A refusal of a pledge, beside the field it belongs to.
pub fn at_field(refused: &PledgeRefusal) -> FieldRefusal {
    let field = match refused.field() {
        Some("amount") => "own",
        Some(field) => field,
        None => "",
    };
    FieldRefusal {
        field,
        words: refused.words(),
    }
}

/// A limited reward whose last piece went to somebody else.
pub struct RewardGone;

impl Refusal for RewardGone {
    fn words(&self) -> Words {
        Words::new("give-reward-gone")
    }
}

/// Everything, checked: a gift that may be written down.
pub fn check_details(
    ask: &Ask,
    visitor: &Visitor,
    typed: &Typed,
    (amount, reward): (Money, Option<RewardId>),
) -> Result<Gift, Vec<FieldRefusal>> {
    let was = typed.second_step(visitor);
    let mut refusals = Refusals::new();
    let email = match &visitor.person {
        Some(person) => refusals.keep("email", EmailAddress::parse(&person.email)),
        None => refusals.keep("email", EmailAddress::parse(was.email)),
    };
    let name = match was.name.trim() {
        "" => Some(None),
        name => refusals.keep("name", DisplayName::parse(name)).map(Some),
    };
    let tip = refusals.keep("tip", parse_tip(was.tip, ask.currency));
    let visibility: Option<Visibility> = was.visibility.parse().ok();
    let terms = Terms {
        currency: ask.currency,
        is_open: true,
    };
    if let Some(tip) = tip
        && let Err(refused) = NewPledge::decide(&terms, amount, None, tip)
    {
        refusals.note(at_field(&refused).field, &refused);
    }
    let (Some(email), Some(name), Some(tip), true) = (email, name, tip, refusals.is_empty()) else {
        return Err(refusals.into_vec());
    };
    Ok(Gift {
        amount,
        tip,
        reward,
        person: visitor.person.as_ref().map(|person| person.id),
        email,
        name,
        visibility: visibility.unwrap_or(Visibility::Anonymous),
        request_key: typed.request_key(),
        address: visitor.address.clone(),
    })
}

/// Nothing typed is no tip.
pub fn parse_tip(text: &str, currency: Currency) -> Result<Money, amount::AmountError> {
    if text.trim().is_empty() {
        Ok(Money::zero(currency))
    } else {
        amount::parse_with_zero(text, currency)
    }
}

/// Who sees the name, in words.
pub fn visibility_words(lang: Lang, visibility: Visibility) -> String {
    match visibility {
        Visibility::Named => lang.t("visibility-named"),
        Visibility::ToProject => lang.t("visibility-to-project"),
        Visibility::Anonymous => lang.t("visibility-anonymous"),
    }
    .to_string()
}
