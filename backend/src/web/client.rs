//! Where a request comes from: the peer's address, or what a proxy we trust says of it.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use crate::ctx::Ctx;
use crate::error::Error;

/// The address limits are counted by. IPv6 is cut to its /64: one household has that many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client(pub String);

impl FromRequestParts<Ctx> for Client {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Error> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|info| info.0.ip());
        let forwarded = parts
            .headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok());
        let chain: Vec<&str> = forwarded
            .flat_map(|line| line.split(','))
            .map(str::trim)
            .collect();
        Ok(Self(address(peer, &chain, &ctx.config.proxies)))
    }
}

/// Walks from the nearest hop outwards, as long as the hops are proxies of ours.
fn address(peer: Option<IpAddr>, chain: &[&str], proxies: &[IpAddr]) -> String {
    let Some(mut seen) = peer else {
        return "unknown".into();
    };
    for hop in chain.iter().rev() {
        if !proxies.contains(&seen) {
            break;
        }
        match hop.parse() {
            Ok(next) => seen = next,
            Err(_) => break,
        }
    }
    match seen {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => {
                let [a, b, c, d, ..] = v6.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_forged_header_changes_nothing_unless_a_known_proxy_sent_it() {
        let peer = Some("203.0.113.7".parse().unwrap());
        assert_eq!(address(peer, &["198.51.100.1"], &[]), "203.0.113.7");
        let proxy = "203.0.113.7".parse().unwrap();
        assert_eq!(
            address(peer, &["6.6.6.6", "198.51.100.1"], &[proxy]),
            "198.51.100.1"
        );
    }

    #[test]
    fn one_household_of_ipv6_is_one_address() {
        let of = |text: &str| address(Some(text.parse().unwrap()), &[], &[]);
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2:3::4"), of("2001:db8:1:3::4"));
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
