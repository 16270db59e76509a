//! Who appears in the demo. All of them are made up.

use super::script::Member;

/// Everybody with an account; the first five are shown at the sign-in.
pub const MEMBERS: &[Member] = &[
    Member {
        email: OWNER,
        name: "Sunna Birgisdóttir",
    },
    Member {
        email: "backer@felag.example",
        name: "Marta Lindqvist",
    },
    Member {
        email: "lender@felag.example",
        name: "Leon Okafor",
    },
    Member {
        email: STEWARD,
        name: "Teo Marchetti",
    },
    Member {
        email: TREASURER,
        name: "Ketill Flosason",
    },
    Member {
        email: "mira@muehlenplatz.example",
        name: "Mira Hartwig",
    },
    Member {
        email: "joana@lupa.example",
        name: "Joana Pires",
    },
    Member {
        email: "hanne@froe.example",
        name: "Hanne Bak",
    },
    Member {
        email: "runar@tang.example",
        name: "Runar Falk",
    },
];

/// Who owns some of the projects.
pub const OWNER: &str = "owner@felag.example";
/// Who lends to most of those who ask.
pub const LENDER: &str = "lender@felag.example";
/// Who gives, and lends now and then.
pub const BACKER: &str = "backer@felag.example";
/// Who keeps the money of those projects, together with their owner.
pub const TREASURER: &str = "treasurer@felag.example";
/// Who reviews the campaigns.
pub const STEWARD: &str = "steward@felag.example";

/// People who give without an account: the part of their address before the @, and their name.
const GUESTS: &[(&str, &str)] = &[
    ("ada", "Ada Nowicka"),
    ("amin", "Amin Rahal"),
    ("anouk", "Anouk Verhoeven"),
    ("bela", "Béla Fodor"),
    ("bruno", "Bruno Tavares"),
    ("carys", "Carys Pugh"),
    ("chidi", "Chidi Eze"),
    ("dagny", "Dagný Ýr"),
    ("davor", "Davor Lukić"),
    ("elif", "Elif Aydın"),
    ("enzo", "Enzo Gallo"),
    ("fenna", "Fenna de Wit"),
    ("florin", "Florin Moldovan"),
    ("greta", "Greta Sommer"),
    ("hamza", "Hamza Idrissi"),
    ("ines", "Inês Duarte"),
    ("ivar", "Ivar Haugen"),
    ("jana", "Jana Horáková"),
    ("joris", "Joris Claes"),
    ("kaja", "Kaja Zupan"),
    ("kofi", "Kofi Mensah"),
    ("lotte", "Lotte Brandt"),
    ("luka", "Luka Petrović"),
    ("maeve", "Maeve Brennan"),
    ("matteo", "Matteo Ricci"),
    ("nadia", "Nadia Haddad"),
    ("nils", "Nils Ekberg"),
    ("noor", "Noor van Dam"),
    ("olena", "Olena Kravets"),
    ("otto", "Otto Virtanen"),
    ("paula", "Paula Reyes"),
    ("piotr", "Piotr Wrona"),
    ("rania", "Rania Saleh"),
    ("rosa", "Rosa Ferrer"),
    ("signe", "Signe Holm"),
    ("stig", "Stig Dahl"),
    ("tamsin", "Tamsin Ward"),
    ("tomas", "Tomás Vidal"),
    ("ulla", "Ulla Kettunen"),
    ("vera", "Vera Popa"),
    ("wim", "Wim Peeters"),
    ("yusuf", "Yusuf Demir"),
    ("zofia", "Zofia Maj"),
];

/// Somebody who gives: name, address, and the place on the internet their limits are counted by, one for each.
#[derive(Debug, Clone)]
pub struct Backer {
    pub name: &'static str,
    pub email: String,
    pub from: String,
}

/// Finds somebody by the address of their account, or by the first part of a guest's.
///
/// # Errors
/// When nobody of the cast is called that.
pub fn backer(who: &str) -> anyhow::Result<Backer> {
    if let Some((at, member)) = (1..).zip(MEMBERS).find(|(_, member)| member.email == who) {
        return Ok(Backer {
            name: member.name,
            email: member.email.into(),
            from: format!("198.51.100.{at}"),
        });
    }
    match (1..).zip(GUESTS).find(|(_, (key, _))| *key == who) {
        Some((at, (key, name))) => Ok(Backer {
            name,
            email: format!("{key}@post.example"),
            from: format!("192.0.2.{at}"),
        }),
        None => anyhow::bail!("nobody in the demo is called {who}"),
    }
}
