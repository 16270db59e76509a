//! What settings mean, and which are refused.

use super::Config;

fn with(pairs: &[(&str, &str)]) -> anyhow::Result<Config> {
    Config::read(|name| {
        pairs
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| (*value).to_string())
    })
}

#[test]
fn an_empty_environment_is_the_sandbox_on_loopback() {
    let config = with(&[]).unwrap();
    assert!(config.has_sandbox() && config.has_mailbox() && config.check_exposure().is_ok());
    assert_eq!(config.public_url, "http://127.0.0.1:8080");
}

#[test]
fn a_bad_setting_is_named() {
    let error = with(&[("FELAG_LISTEN", "here")]).unwrap_err();
    assert!(format!("{error:#}").contains("FELAG_LISTEN"), "{error:#}");
}

#[test]
fn the_public_address_follows_the_port_that_was_found_free() {
    let mut config = with(&[("FELAG_LISTEN", "127.0.0.1:0")]).unwrap();
    config.bound_to("127.0.0.1:4711".parse().unwrap());
    assert_eq!(config.public_url, "http://127.0.0.1:4711");
    let mut config = with(&[("FELAG_PUBLIC_URL", "https://felag.example")]).unwrap();
    config.bound_to("127.0.0.1:4711".parse().unwrap());
    assert_eq!(config.public_url, "https://felag.example");
}

#[test]
fn the_sandbox_is_never_shown_to_other_machines() {
    let config = with(&[("FELAG_LISTEN", "0.0.0.0:8080")]).unwrap();
    assert!(
        config
            .check_exposure()
            .unwrap_err()
            .to_string()
            .contains("FELAG_STRIPE_KEY")
    );
    let config = with(&[("FELAG_SANDBOX_LISTEN", "0.0.0.0:8081")]).unwrap();
    assert!(config.check_exposure().is_err());
}

#[test]
fn demo_data_is_never_loaded_beside_a_live_key() {
    let mut config = with(&[("FELAG_STRIPE_KEY", "sk_live_x")]).unwrap();
    config.demo = true;
    assert!(config.check_exposure().is_err());
}

#[test]
fn secrets_are_not_printed() {
    let config = with(&[
        ("FELAG_STRIPE_KEY", "sk_live_canary"),
        ("DATABASE_URL", "postgres://u:canary@h/d"),
        ("FELAG_SMTP", "smtps://u:canary@h"),
    ])
    .unwrap();
    let printed = format!("{:?} {config:?}", config.lines());
    assert!(!printed.contains("canary"), "{printed}");
}
