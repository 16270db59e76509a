//! With the feature `sqlx`, everything that is stored can be bound and read, alone and in arrays.

#![cfg(feature = "sqlx")]

use felag_domain::{
    campaign::{BudgetKind, CampaignState},
    ids::{BookId, CampaignId, PledgeId},
    ledger::{AccountCode, EntryKind, Hash},
    licence::{CommonsReturnKind, Licence},
    money::Currency,
    person::{DisplayName, EmailAddress, Role},
    pledge::{DeclineKind, PledgeState, Visibility},
};
use sqlx::{Decode, Encode, Postgres, Type, TypeInfo, postgres::PgHasArrayType};

fn columns<T>() -> (String, String)
where
    T: Type<Postgres> + PgHasArrayType + for<'q> Encode<'q, Postgres> + for<'r> Decode<'r, Postgres>,
{
    (
        T::type_info().name().to_lowercase(),
        T::array_type_info().name().to_lowercase(),
    )
}

#[test]
fn ids_are_uuids_names_are_text_and_hashes_are_bytes() {
    for columns in [
        columns::<BookId>(),
        columns::<CampaignId>(),
        columns::<PledgeId>(),
    ] {
        assert_eq!(columns, ("uuid".into(), "uuid[]".into()));
    }
    let texts = [
        columns::<AccountCode>(),
        columns::<BudgetKind>(),
        columns::<CampaignState>(),
        columns::<CommonsReturnKind>(),
        columns::<Currency>(),
        columns::<DeclineKind>(),
        columns::<DisplayName>(),
        columns::<EmailAddress>(),
        columns::<EntryKind>(),
        columns::<Licence>(),
        columns::<PledgeState>(),
        columns::<Role>(),
        columns::<Visibility>(),
    ];
    for columns in texts {
        assert_eq!(columns, ("text".into(), "text[]".into()));
    }
    assert_eq!(columns::<Hash>(), ("bytea".into(), "bytea[]".into()));
}
